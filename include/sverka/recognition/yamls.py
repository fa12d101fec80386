"""YAML files that fail loudly: not YAML, not a mapping, or one key given twice."""

from pathlib import Path
from typing import Any

import yaml

from sverka.errors import Misconfigured


class _Strict(yaml.SafeLoader):
    """PyYAML takes the last of two equal keys in silence; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is given twice", node.start_mark
            )
        return mapping


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        Misconfigured: the file is not there or is not a mapping; the message names it.
    """
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 - derives from SafeLoader
    except OSError as error:
        raise Misconfigured(f"{path.name}: cannot be read: {error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path.name}: not YAML: {error}") from error
    if not isinstance(given, dict):
        raise Misconfigured(f"{path.name}: a mapping is needed, found {type(given).__name__}")
    return given
