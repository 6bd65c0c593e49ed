"""The documents of the case format: the source of the JSON Schema and of structural validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SkipValidation,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue, WithJsonSchema
from pydantic_core import CoreSchema
from typing_extensions import TypeAliasType

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
LINK = r"^https?://[^\s]+$"
NAME = "^[A-Za-z_][A-Za-z0-9_]*$"

#: Explanations of the patterns.
PATTERNS = {
    SLUG: "a slug: lower-case letters and digits, with single hyphens between them",
    LINK: "a link that starts with http:// or https://",
    NAME: "the bare class name of an exception, such as ValueError",
}

Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=SLUG)]
Link = Annotated[str, Field(pattern=LINK)]
Size = Annotated[int, Field(ge=0)]

Family = Literal[
    "threshold",
    "equality",
    "logits",
    "threshold-domain",
    "name-resolution",
    "averages",
    "multilabel",
    "ties",
    "weights",
    "shapes",
    "labels",
    "special-values",
    "empty",
    "accumulation",
    "state",
    "sharding",
]
Dtype = Literal[
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
]
FloatDtype = Literal["float16", "bfloat16", "float32", "float64"]

_Value: Any = TypeAliasType("Value", "bool | int | float | str | list[_Value]")
_Nested: Any = TypeAliasType("Data", "bool | int | float | str | list[_Nested] | Repeat | OneHot")
_Listed: Any = TypeAliasType("List", "list[_Nested] | Repeat | OneHot")
_Whole: Any = TypeAliasType("Array", "_Nested | File")
#: Data and expected values are validated in `arrays` and `expectations`, which know the position of each element.
Value = SkipValidation[_Value]
Data = SkipValidation[_Whole]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Links = Annotated[
    list[Link],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": LINK},
                {"type": "array", "items": {"type": "string", "pattern": LINK}},
            ]
        }
    ),
]


def _optional(description: str, default: Any = None) -> Any:
    """Return an optional key; None means that it is absent and cannot be written."""
    return Field(default, description=description)


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Repeat(_Document):
    """The rows of a list, repeated."""

    repeat: _Listed = Field(description="The rows, a list: [0.3] or [[1], [0]].")
    times: Annotated[int, Field(ge=1)] = Field(description="Number of repetitions.")


class OneHot(_Document):
    """One row per integer label, 1 at that class and 0 elsewhere."""

    one_hot: _Listed = Field(description="The integer labels, a list: [0, 2, 1].")
    classes: Annotated[int, Field(ge=1)] = Field(description="Number of classes, the length of a row.")


class File(_Document):
    """An array in a file of its own."""

    file: Text = Field(
        description="A .npy file in the folder of the case file, or below it; its dtype is kept."
    )


_NOTATIONS = "a long list may be written as repeat or one_hot, an array kept in a .npy file as file."
_TARGETS = f"Targets: a number, a string, or nested lists of them; {_NOTATIONS}"
_PREDICTIONS = f"Predictions: a number, a string, or nested lists of them; {_NOTATIONS}"
_WEIGHTS = f"Weights: a number or nested lists of numbers; {_NOTATIONS}"


class Update(_Document):
    """The data of one update."""

    y_true: Data = Field(description=_TARGETS)
    y_pred: Data = Field(description=_PREDICTIONS)
    sample_weight: Data = _optional(_WEIGHTS)


class Dtypes(_Document):
    """Dtypes of the data, and of the metric itself. Absent: what `numpy.asarray` infers."""

    y_true: Dtype = _optional("dtype of the targets.")
    y_pred: Dtype = _optional("dtype of the predictions.")
    sample_weight: Dtype = _optional("dtype of the weights.")
    metric: FloatDtype = _optional("dtype that the metric itself is asked to use.")


class Shapes(_Document):
    """Shapes that lists cannot express; the number of elements must be that of the data."""

    y_true: list[Size] = _optional("Shape of the targets, e.g. [0, 1].")
    y_pred: list[Size] = _optional("Shape of the predictions, e.g. [0, 3].")
    sample_weight: list[Size] = _optional("Shape of the weights.")


class Expected(_Document):
    """A pinned outcome in its long form; either `value` or `raises`."""

    value: Value = _optional("The value: a number, a fraction such as 1/3, .nan, or a list.")
    raises: Annotated[str, Field(pattern=NAME)] = _optional(
        "Bare name of the exception's class, or of a base class of it."
    )
    match: Text = _optional("Regular expression found in the message, as in re.search.")
    because: Text = _optional("Why this outcome is pinned.")
    see: Links = _optional("Links: threads, documentation, source.")
    finding: Slug = _optional("Id of the finding that this outcome shows.")
    when: dict[Text, Text] = _optional('Versions for which this holds, e.g. {numpy: "<2"}.')

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"value": value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Accept the short form, a bare value, as well as the long one."""
        long = handler.resolve_ref_schema(handler(schema))
        long["oneOf"] = [{"required": ["value"]}, {"required": ["raises"]}]
        return {"anyOf": [long, long["properties"]["value"]]}


class CaseDocument(_Document):
    """One case: one input, and nothing about any framework."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["y_true", "y_pred"]}, {"required": ["updates"]}]}
    )

    id: Slug = Field(description="Slug, unique over all files, never reused.")
    title: Text = Field(description="What the case shows, in one line.")
    task: Literal["binary", "multiclass", "multilabel"] = Field(description="What the labels mean.")
    metric: Literal["accuracy"] = _optional("Metric family.", default="accuracy")
    y_true: Data = _optional(_TARGETS)
    y_pred: Data = _optional(_PREDICTIONS)
    sample_weight: Data = _optional(_WEIGHTS)
    updates: list[Update] = _optional(
        "Instead of y_true and y_pred: the data of each update; [] is no update at all."
    )
    batches: list[Size] = _optional(
        "Sizes of successive updates, e.g. [3, 1]; 0 is an empty batch. Absent: one update."
    )
    shape: Shapes = _optional("Shapes that lists cannot express, e.g. {y_pred: [0, 3]}.")
    dtype: Dtypes = _optional("Dtypes, any subset. Absent: what numpy.asarray infers.")
    threshold: float = _optional("Threshold of the decision. Absent: the framework's default.")
    top_k: int = _optional("How many of the highest scores count.")
    average: str | None = _optional(
        "How classes or labels are averaged: micro, macro, weighted, none or null."
    )
    ignore_index: int = _optional("Target value that is ignored.")
    normalize: bool = _optional("Whether the fraction or the count is returned.")
    adjusted: bool = _optional("Whether the result is adjusted for chance.")
    multidim_average: Text = _optional("How further dimensions are averaged: global, samplewise.")
    num_classes: int = _optional("Number of classes; ignored where there is no such parameter.")
    num_labels: int = _optional("Number of labels; ignored where there is no such parameter.")
    labels: Annotated[
        list[Any],
        WithJsonSchema({"type": "array", "items": {"type": ["number", "string", "boolean"]}}),
    ] = _optional("The labels; ignored where there is no such parameter.")
    validate_args: bool = _optional(
        "Whether arguments are checked; ignored where there is no such parameter."
    )
    loss: Text = _optional("Loss for the compile implementations. Absent: by task.")
    implementations: Annotated[list[Text], Field(min_length=1)] = _optional(
        "Ids or globs: run exactly these. In globs only * and ? are special."
    )
    expect: dict[Text, Expected] = _optional(
        "Id or glob -> the outcome that is pinned, in its short or long form."
    )
    because: Text = _optional("Why this case exists.")
    see: Links = _optional("Links: threads, documentation, source.")
    tags: list[Slug] = _optional("Slugs to find the case by.")


class FileDocument(_Document):
    """A case file of metric-conformance: inputs that go into every framework's accuracy."""

    format: Literal[1] = Field(description="Version of the case format.")
    theme: Text = Field(description="What the cases of this file have in common.")
    family: Family = _optional("Family of the cases.")
    cases: Annotated[list[CaseDocument], Field(min_length=1)] = Field(description="The cases.")
