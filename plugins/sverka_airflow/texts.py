"""What the plugin says: small self-contained pages (the UI's frame allows no outside resources), a few
sentences of the tasks."""

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

CONFIRM, DECLINE = "Подтвердить", "Отклонить"
NOTHING_TO_ASK = "Спрашивать нечего: раскладка и служба доставки известны."
ASKED_ANEW = "Вопрос изменился, пока он ждал ответа. Сверка задаст его заново в новом запуске через несколько минут."
ELSEWHERE = "Этот файл обрабатывает уже другой запуск; здесь делать больше нечего."
BINDING = "Отпечаток вопроса"
BINDING_HINT = "Менять не нужно: по нему Сверка видит, что ответ дан именно на этот вопрос."

NOT_CHECKED_PAGE = (
    _FRAME
    % (
        "<h1>Проверки ещё не было</h1><p>Страница появляется, когда файл прочитан и проверен. Если файл "
        "отложен раньше, причина написана в отчёте за день и в журнале красной задачи.</p>"
    )
).format()
