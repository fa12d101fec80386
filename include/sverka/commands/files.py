"""Files that are named on the command line."""

from pathlib import Path

from sverka.errors import SverkaError


class Unreadable(SverkaError):
    """A file named on the command line cannot be read."""


def bytes_of(file: Path) -> bytes:
    """The file's bytes.

    Raises:
        Unreadable: says in Russian what stands in the way and what to do.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError:
        why = "такого файла нет. Проверьте имя и папку."
    except IsADirectoryError:
        why = "это папка. Назовите сам файл отчёта."
    except PermissionError:
        why = "нет прав на чтение. Откройте к нему доступ или скопируйте его в другую папку."
    except OSError as error:
        why = f"файл не читается ({error.strerror}). Скопируйте его на этот компьютер."
    raise Unreadable(f"«{file}»: {why}")
