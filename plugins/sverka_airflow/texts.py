"""Small pages of the plugin, self-contained: the UI's frame allows no outside resources."""

_FRAME = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Расхождения</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;
color-scheme:light dark}}</style></head><body>%s</body></html>"""

DAYS_PAGE = _FRAME % "<h1>Отчёты по дням</h1><ul>{days}</ul>"

NOT_YET_PAGE = (
    _FRAME
    % (
        "<h1>Отчёта ещё нет</h1><p>За этот день ничего не опубликовано. Отчёт появляется каждое утро "
        "в семь часов по Москве и после каждого обработанного файла. Если он нужен сейчас, запустите "
        "«Отчёт о расхождениях» вручную.</p>"
    )
).format()
