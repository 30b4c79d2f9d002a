"""How pydantic, and FastAPI with it, takes and writes values of Dana's."""

from __future__ import annotations

# For annotations alone: importing it would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Serializer:
    """What pydantic asks a value for whose type it does not know; made at the first time."""

    def __get__(self, value: object, owner: type[PydanticForm]) -> Any:
        try:
            from pydantic_core import SchemaSerializer, core_schema
        except ImportError:
            raise AttributeError("__pydantic_serializer__") from None

        made = SchemaSerializer(core_schema.any_schema(serialization=_writing(core_schema)))
        PydanticForm.__pydantic_serializer__ = made
        return made


class PydanticForm:
    """A class for fields of pydantic's models and results of FastAPI's routes: an instance is taken as it is, and written
    as plain data."""

    __slots__ = ()

    __pydantic_serializer__: Any = _Serializer()

    def _dana_data(self) -> object:
        """What is written."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls, serialization=_writing(core_schema))


def _writing(core_schema: Any) -> Any:
    return core_schema.plain_serializer_function_ser_schema(lambda value: value._dana_data())
