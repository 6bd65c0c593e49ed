"""Releases: for every supported release of a framework exactly one rule per axis holds."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS, ENTRIES, SEED, made_case
from packaging.requirements import Requirement
from packaging.version import Version
from test_every_definition import RESOLVED

from conformance.adapters.places import Place
from conformance.adapters.releases import Installed, absence, bounds, bounds_of_others, holds_in
from conformance.calls.outcome import Outcome
from conformance.environments.model import Environment, with_environments
from conformance.oracle import definitions, find, predict, supported, usage_departures
from conformance.oracle.model import Definition
from conformance.oracle.prediction import Prediction
from conformance.oracle.releases import Supported
from conformance.oracle.resolve import Resolved
from conformance.plugin.explain import failure
from conformance.session.session import Answer, Session
from conformance.verdicts.causes import divergences
from conformance.verdicts.groups import grouped

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
THRESHOLD = "torchmetrics.classification.BinaryAccuracy"


def parts() -> Iterator[tuple[Definition, Supported]]:
    """Every definition, and what those that stand for others stand for somewhere in the corpus."""
    for found in (*definitions(), *RESOLVED.values()):
        known = supported(found.name)
        assert known is not None, found.name
        yield (found.base if isinstance(found, Resolved) else found), known


def ranges(definition: Definition) -> list[str]:
    return [each.releases for each in (*definition.rules, *definition.departures)]


def boundaries(definition: Definition) -> set[Version]:
    """The releases at which a rule or a departure begins or ends."""
    return {bound for text in ranges(definition) for side in bounds(text) for bound in side}


def environments(definition: Definition) -> Iterator[tuple[tuple[str, Version], ...]]:
    """The other packages on which a rule or a departure depends: below and at each release that matters."""
    yield ()
    for text in ranges(definition):
        for name, sides in bounds_of_others(text).items():
            for bound in (Version("0"), *itertools.chain(*sides)):
                yield ((name, bound),)


def test_in_every_supported_release_exactly_one_rule_per_axis_holds() -> None:
    """What holds changes at boundaries only, and between two of them it is what holds at the lower one."""
    for definition, known in parts():
        others = tuple(environments(definition))
        for release in (Version(known.oldest), *boundaries(definition), Version(known.newest)):
            for installed in (release, *(Installed(release, with_) for with_ in others)):
                assert set(definition.in_release(installed)) == definition.axes, (definition.name, installed)
        assert set(definition.in_release(None)) == definition.axes, definition.name


def test_every_range_begins_and_ends_within_the_supported_releases() -> None:
    for definition, known in parts():
        for release in boundaries(definition):
            assert Version(known.oldest) < release <= Version(known.newest), definition.name


def test_the_oldest_release_is_that_of_pyproject() -> None:
    extras = PYPROJECT["project"]["optional-dependencies"]
    for adapter in ADAPTERS:
        requirements = {
            Requirement(text).name: Requirement(text) for text in extras[adapter.origin.replace("@", "_")]
        }
        for entry in adapter.implementations:
            known = supported(entry.definition or "")
            assert known is not None
            (lowest,) = requirements[known.distribution].specifier
            assert (lowest.operator, lowest.version) == (">=", known.oldest)


@pytest.mark.parametrize("text", ["1.7rc1", "1.7.0.dev3"])
def test_what_is_before_a_release_has_its_rules(text: str) -> None:
    assert holds_in(">=1.7", Version(text))
    assert not holds_in("<1.7", Version(text))
    assert not holds_in("<1.7,numpy<2", Version(text))
    assert absence(">=1.7", Version(text)) is None
    assert absence("<1.7", Version(text)) == "gone since 1.7"


def test_what_is_after_a_release_has_its_rules() -> None:
    assert holds_in(">=1.7", Version("1.7.0.post1"))


def test_the_newest_known_release_is_above_every_upper_bound() -> None:
    assert holds_in(">=1.6.2", None)
    assert not holds_in(">=1.6.2,<1.9", None)


def test_a_range_may_depend_on_another_package() -> None:
    def holds(text: str, numpy: str | None) -> bool:
        others = {} if numpy is None else {"numpy": numpy}
        return holds_in(text, Installed.of("scikit-learn", {"scikit-learn": "1.9.1", **others}))

    assert holds(">=1.9,numpy<2", "1.26.4")
    assert not holds(">=1.9,numpy<2", "2.0.0")
    assert not holds("<1.9,NumPy<2", "1.26.4")
    assert holds("numpy>=2", "2.4.6")
    # One that is not named is the newest.
    assert holds("numpy>=2", None)
    assert not holds("numpy<2", None)
    assert not holds_in("numpy<2", Version("1.9"))
    assert holds_in("numpy>=2", None)


@pytest.mark.parametrize("text", ["==1.7", "numpy==2", "~=1.7", "!=1.7", "<=1.7", ">1.7"])
def test_a_range_that_could_leave_a_gap_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="write a range of releases with >= and <"):
        bounds(text)


def test_two_rules_on_one_axis_in_the_same_release_are_an_error() -> None:
    definition = find(THRESHOLD)
    (rule,) = definition.on("ties")
    twice = replace(definition, rules=(*definition.rules, replace(rule, releases=">=1.6")))
    with pytest.raises(ValueError, match="two rules on ties"):
        twice.in_release(Version("1.7"))
    assert twice.in_release(Version("1.5"))["ties"] == rule


# What a run does with the installed release.


def session(version: str) -> Session:
    found = Session([made_case(**SEED)], ADAPTERS)
    found.versions = {**found.versions, "torchmetrics": {"torchmetrics": version}}
    return found


def test_each_environment_is_predicted_by_its_own_releases(tmp_path: Path) -> None:
    old = Environment("old", Place(folder=str(tmp_path)), "torchmetrics")
    found = Session([made_case(**SEED)], with_environments(ADAPTERS, [old]))
    here = {"torchmetrics": "1.9.0", "numpy": "2.4.6"}
    there = {**here, "numpy": "1.26.4"}
    found.versions = {**found.versions, "torchmetrics": here, "torchmetrics@old": there}
    call = found.cases[0].call()
    predictions = [
        found.predictions_of(call, entry) for entry in found.implementations if entry.known_as == THRESHOLD
    ]
    releases = [each.side.claims.release for each in predictions if each is not None]
    assert releases == [Installed.of("torchmetrics", here), Installed.of("torchmetrics", there)]


def test_of_a_release_older_than_the_supported_ones_nothing_is_predicted() -> None:
    old = session("1.3.2")
    assert old.predictions_of(old.cases[0].call(), ENTRIES[THRESHOLD]) is None
    cell = old.judge(old.cases[0], ENTRIES[THRESHOLD], Answer(Outcome("value", value=0.125, dtype="float32")))
    assert cell.verdict == "undefined"


def test_an_unexplained_outcome_of_a_newer_release_says_that_the_release_is_newer() -> None:
    answer = Answer(Outcome("value", value=0.125, dtype="float32"))
    releases = supported(THRESHOLD)
    assert releases is not None
    newer = f"{Version(releases.newest).major + 1}.0.1"
    new, known = session(newer), session(releases.newest)
    cells = [one.judge(one.cases[0], ENTRIES[THRESHOLD], answer) for one in (new, known)]
    assert [cell.verdict for cell in cells] == ["unexplained", "unexplained"]
    said = (
        f"torchmetrics {newer} is newer than {releases.newest}, the newest release that the definitions know."
    )
    assert said in str(cells[0].explanation)
    assert "newer" not in str(cells[1].explanation)


@pytest.mark.parametrize("age", ["older", "newer", None])
def test_what_is_said_of_a_departure_that_is_gone_fits_the_release(age: str | None) -> None:
    known = supported(THRESHOLD)
    assert known is not None
    major = Version(known.newest).major
    version = {"older": f"{major}.5.1", "newer": f"{major + 1}.0.1", None: f"{known.newest}.post1"}[age]
    found, case = session(version), made_case(y_true=[[1], [0]], y_pred=[[float("nan")], [0.2]])
    predictions = found.predictions_of(case.call(), ENTRIES[THRESHOLD])
    assert predictions is not None
    assert predictions.departures == ("torchmetrics-nan-makes-logits",)
    claimed = Outcome("value", value=float(predictions.claimed.value), dtype="float32")
    cell = found.judge(case, ENTRIES[THRESHOLD], Answer(claimed))
    assert (cell.verdict, cell.age) == ("stale", age)
    why = {
        "older": "this release does not deviate yet",
        "newer": "this release fixed it",
        None: "fixed upstream",
    }
    assert [each for each, text in why.items() if text in str(cell.explanation)] == [age]
    assert (f"torchmetrics {version} is {age} than {known.newest}" in str(cell.explanation)) is bool(age)
    advice = failure(case, cell).partition("What to do: ")[2]
    do = {"older": "began after this release", "newer": "fixed it, end the departure", None: "Remove it"}
    assert [each for each, text in do.items() if text in advice] == [age]


def test_a_release_is_the_newest_known_one_however_it_is_written() -> None:
    known = Supported("some-metrics", "1.0", "2.0")
    ages = [known.age(version) for version in ("2.0.0", "2.0.post1+cpu", "2.0.1.dev0", "1.9.9")]
    assert ages == [None, None, "newer", "older"]


def test_what_the_installed_release_lacks_is_not_applicable() -> None:
    old = session("1.4.0")
    known = old.implementations
    old.implementations = tuple(replace(entry, releases=">=1.5") for entry in known if entry.id == THRESHOLD)
    assert [planned.reason for planned in old.plan()] == ["is new in 1.5"]
    assert old.predicted_cells(old.cases[0]) == []


def test_a_departure_that_ended_with_a_release_is_not_predicted_in_it() -> None:
    definition = find(THRESHOLD)
    ended = replace(
        definition, departures=tuple(replace(entry, releases="<1.7") for entry in definition.departures)
    )
    case = made_case(y_true=[[1], [0]], y_pred=[[float("nan")], [0.2]])
    before, since = (predict(ended, case.call(), release=Version(text)) for text in ("1.6", "1.7"))
    assert before.departures == ("torchmetrics-nan-makes-logits",)
    assert since.departures == ()


# Rules that changed with a release.


def predicted(name: str, release: str, task: str = "multiclass", **inputs: Any) -> Prediction:
    call = made_case(task, **inputs).call()
    return predict(find(name), call, release=Version(release)).predicted


STRINGS = {"y_true": ["1", "0"], "y_pred": [1, 0]}


def test_accuracy_score_compares_strings_with_numbers_before_1_9() -> None:
    assert predicted("sklearn.metrics.accuracy_score", "1.8.0", **STRINGS).value == 0
    assert predicted("sklearn.metrics.hamming_loss[1 - loss]", "1.8.0", **STRINGS).value == 0
    since = predicted("sklearn.metrics.accuracy_score", "1.9.0", **STRINGS)
    assert (since.kind, since.type) == ("raises", "ValueError")


ACCURACY = "sklearn.metrics.accuracy_score"
BALANCED = "sklearn.metrics.balanced_accuracy_score"
REPORT = "sklearn.metrics.classification_report[accuracy]"
HAMMING = "sklearn.metrics.hamming_loss[1 - loss]"
TOP_K = "sklearn.metrics.top_k_accuracy_score"
BINARIZER = f"{ACCURACY}[Binarizer]"
ARGMAX = f"{ACCURACY}[argmax]"
NAN, INF = float("nan"), float("inf")
SAME = {"y_true": [0, 0], "y_pred": [0, 0]}
LARGE = {"y_true": [[1]], "y_pred": [[2**53 + 1]], "threshold": 2**53}
EIGHTH = {"sample_weight": [0.125, 0.125], "dtype": {"sample_weight": "bfloat16"}}
LABELS = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0]}
SEVERAL = {"y_true": [[0, 1], [1, 1]], "y_pred": [[0, 1], [1, 0]]}
EMPTY = {"y_true": [], "y_pred": [], "dtype": {"y_true": "int64", "y_pred": "int64"}}
SCORES = {"y_true": [0, 1, 2], "y_pred": [[0.5, 0.2, 0.3], [0.1, 0.2, 0.7], [0.5, 0.2, 0.3]]}
BFLOAT16 = {"y_true": [1, 0, 2], "y_pred": [0.5, 1, 2], "dtype": {"y_pred": "bfloat16"}}


@pytest.mark.parametrize(
    ("name", "task", "inputs", "expected"),
    [
        (ACCURACY, "multiclass", EMPTY, {"1.7.2": NAN, "1.8": "ValueError"}),
        (REPORT, "multiclass", EMPTY, {"1.7.2": 0, "1.8": "ValueError"}),
        (BALANCED, "multiclass", EMPTY, {"1.7.2": NAN, "1.8": "ValueError"}),
        (BALANCED, "multiclass", {**EMPTY, "adjusted": True}, {"1.7.2": None, "1.8": "ValueError"}),
        (
            ACCURACY,
            "multiclass",
            {**LABELS, "sample_weight": [0, 0, 0]},
            {"1.7.2": None, "1.8": None, "1.9": "ValueError"},
        ),
        (BALANCED, "multiclass", {**LABELS, "sample_weight": [0, 0, 0]}, {"1.8": NAN, "1.9": "ValueError"}),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [0, 0, 0]}, {"1.8": 0, "1.9": "ValueError"}),
        (
            ACCURACY,
            "multiclass",
            {**LABELS, "sample_weight": [1, NAN, 1]},
            {"1.7.2": NAN, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, NAN, 1]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            REPORT,
            "multiclass",
            {**LABELS, "sample_weight": [[1], [1], [2]]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, INF, INF]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, 2, INF]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [1, 2, INF]}, {"1.7.2": 0, "1.8": "ValueError"}),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [1, INF, 2]}, {"1.7.2": NAN, "1.8": "ValueError"}),
        (
            BALANCED,
            "multiclass",
            {**SAME, "adjusted": True, "sample_weight": [1, -1]},
            {"1.5": None, "1.9": None},
        ),
        (
            BALANCED,
            "multiclass",
            {**EMPTY, "dtype": {"y_true": "int64"}},
            {"1.7.2": NAN, "1.8": "ValueError"},
        ),
        (TOP_K, "multiclass", {**SCORES, "sample_weight": [1, -1, 0]}, {"1.5": None, "1.9": None}),
        (
            HAMMING,
            "multilabel",
            {**SEVERAL, "sample_weight": [[1, 2], [3, 4]]},
            {"1.7.2": "unspecified", "1.8": "ValueError"},
        ),
        (HAMMING, "multilabel", {**SEVERAL, **EIGHTH}, {"1.6.1": 0.75, "1.7": 0.75}),
        (BINARIZER, "binary", LARGE, {"1.6.1": 1, "1.7": 0}),
        (BINARIZER, "binary", {**LARGE, "threshold": 2.0**53}, {"1.6.1": 0, "1.7": 0}),
        (
            ARGMAX,
            "multiclass",
            {"y_true": [1, 0], "y_pred": [["a", "b"], ["a", "b"]]},
            {"1.8": 0.5, "1.9": 0.5},
        ),
        (ACCURACY, "multiclass", BFLOAT16, {"1.6.1": 1 / 3, "1.7": None}),
    ],
)
def test_scikit_learn_checks_more_from_release_to_release(
    name: str, task: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A number is a value, a name the type of an exception, None an exception of any type."""
    for release, outcome in expected.items():
        found = predicted(name, release, task, **inputs)
        if outcome == "unspecified":
            assert found.kind == "unspecified"
        elif outcome is None or isinstance(outcome, str):
            assert (found.kind, found.type) == ("raises", outcome), release
        else:
            assert found.value == pytest.approx(outcome, nan_ok=True), release


@pytest.mark.parametrize(
    ("inputs", "dtype"),
    [
        ({}, "float64"),
        ({"normalize": False}, "int64"),
        ({"normalize": False, "sample_weight": [1, 1, 1]}, "uint8"),
    ],
)
def test_a_number_of_samples_is_no_float_before_1_7(inputs: dict[str, Any], dtype: str) -> None:
    named = {"dtype": {"sample_weight": "uint8"}} if "sample_weight" in inputs else {}
    assert predicted(TOP_K, "1.6.1", **SCORES, **inputs, **named).dtype == dtype
    assert predicted(TOP_K, "1.7.0", **SCORES, **inputs, **named).dtype == "float64"


@pytest.mark.parametrize(
    ("weights", "dtypes"),
    [
        ("float16", {"1.6.1": "float64", "1.7.0": "float16"}),
        ("float32", {"1.6.1": "float64", "1.7.0": "float32", "1.9.1": "float32"}),
        ("bfloat16", {"1.6.1": "float32", "1.7.0": "float32"}),
        ("int8", {"1.6.1": "float64", "1.7.0": "float64"}),
    ],
)
def test_a_loss_of_labels_has_the_dtype_of_the_weights_since_1_7(
    weights: str, dtypes: dict[str, str]
) -> None:
    inputs = {**SEVERAL, "sample_weight": [1, 3], "dtype": {"sample_weight": weights}}
    assert {name: predicted(HAMMING, name, "multilabel", **inputs).dtype for name in dtypes} == dtypes


def test_targets_of_weight_zero_have_to_be_0_and_1_since_1_9() -> None:
    name = "sklearn.metrics.confusion_matrix_at_thresholds[(tn + tp) / all]"
    inputs = {"y_true": [1, 2], "y_pred": [0.7, 0.2], "sample_weight": [1, 0]}
    assert predicted(name, "1.8.0", "binary", **inputs).value == 1
    assert predicted(name, "1.9.0", "binary", **inputs).type == "ValueError"


def test_strings_beside_bfloat16_have_causes_before_1_9() -> None:
    scores = [[0.25, 0.75], [0.75, 0.25]]
    case = made_case("multiclass", y_true=["1", "0"], y_pred=scores, dtype={"y_pred": "bfloat16"})
    old = Session([case], ADAPTERS)
    old.versions = {**old.versions, "sklearn": {"scikit-learn": "1.8.0"}}
    found = divergences(grouped(old.predicted_cells(case)), old.exchange(case))
    assert found
    assert all(divergence.causes for divergence in found)


def test_balanced_accuracy_score_raises_for_strings_with_numbers_in_every_release() -> None:
    for release in ("1.5", "1.8.0", "1.9.1"):
        assert predicted("sklearn.metrics.balanced_accuracy_score", release, **STRINGS).type == "ValueError"


#: No integer among the scores and no column: num_classes does not follow from the data.
WITHOUT_CLASSES = {"y_true": [], "y_pred": [], "dtype": {"y_true": "int64", "y_pred": "int64"}}


@pytest.mark.parametrize("validate_args", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
        "torchmetrics.functional.classification.multiclass_accuracy",
        "torchmetrics.classification.MulticlassAccuracy[forward]",
    ],
)
def test_num_classes_is_required_before_torchmetrics_1_6_2(name: str, validate_args: bool) -> None:
    inputs = {**WITHOUT_CLASSES, "average": "micro", "validate_args": validate_args}
    before = predicted(name, "1.6.1", **inputs)
    assert (before.type, before.reason and before.reason.code) == ("TypeError", "missing-argument")
    since = predicted(name, "1.6.2", **inputs)
    assert since.reason is None or since.reason.code != "missing-argument"


#: Two samples of two positions; every target is among its top two scores.
POSITIONS = {
    "y_true": [[0, 1], [1, 0]],
    "y_pred": [[[0.9, 0.1], [0.1, 0.8], [0.0, 0.1]], [[0.1, 0.7], [0.9, 0.2], [0.0, 0.1]]],
}


@pytest.mark.parametrize(
    ("release", "positions", "one_sample", "one_hot", "fractions"),
    [
        ("1.6.0", 1, 1, "unspecified", 1),
        ("1.6.1", "top-k-of-positions", "top-k-of-one-sample", "top-k-of-labels", "float-targets"),
        ("1.7.0", "top-k-of-positions", 1, "top-k-of-labels", "float-targets"),
        ("1.7.1", Fraction(1, 2), 1, "unspecified", "float-targets"),
        ("1.7.3", 1, 1, "top-k-of-labels", "float-targets"),
    ],
)
def test_top_k_in_the_releases_of_torchmetrics(
    release: str, positions: Any, one_sample: Any, one_hot: Any, fractions: Any
) -> None:
    scores = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]

    def outcome(**inputs: Any) -> Any:
        found = predicted(
            "torchmetrics.classification.MulticlassAccuracy[average=micro]", release, top_k=2, **inputs
        )
        return found.kind if found.says_nothing else found.reason.code if found.reason else found.value

    assert outcome(**POSITIONS) == positions
    assert outcome(y_true=[0], y_pred=scores[:1]) == one_sample
    assert outcome(y_true=[[1, 0, 0], [0, 1, 0]], y_pred=scores) == one_hot
    assert outcome(y_true=[0.0, 1.0], y_pred=scores) == fractions


@pytest.mark.parametrize(("release", "shared"), [("1.6.1", True), ("1.6.2", False)])
def test_equal_true_positives_share_a_state_before_torchmetrics_1_6_2(release: str, shared: bool) -> None:
    name = "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]"
    found = predicted(name, release, "binary", y_true=[1, 0], y_pred=[0.9, 0.4], threshold=0.3)
    assert found.says_nothing is shared


@pytest.mark.parametrize(("release", "value"), [("1.7.1", 0), ("1.7.2", 1)])
def test_multilabel_exact_match_ignores_since_torchmetrics_1_7_2(release: str, value: int) -> None:
    name = "torchmetrics.classification.MultilabelExactMatch"
    inputs = {"y_true": [[1, -1]], "y_pred": [[0.9, 0.9]], "ignore_index": -1}
    assert predicted(name, release, "multilabel", **inputs).value == value


def test_one_sample_of_scores_serves_all_targets_before_torchmetrics_1_6_1() -> None:
    name = "torchmetrics.functional.classification.multiclass_accuracy"
    inputs = {"y_true": [0, 0, 2], "y_pred": [[0.9, 0.1, 0.0]], "top_k": 2, "average": "micro"}
    assert predicted(name, "1.6.0", **inputs).value == Fraction(2, 3)
    assert predicted(name, "1.6.1", **inputs).kind == "raises"


def test_a_collection_shares_what_was_computed_before_torchmetrics_1_4_1() -> None:
    name = "torchmetrics.MetricCollection[BinaryAccuracy]"
    before, since = (usage_departures(name, "again", Version(text)) for text in ("1.4.0", "1.4.1"))
    assert [entry.finding.id for entry in before] == [
        "torchmetrics-collection-computes-twice-what-another-computed"
    ]
    assert since == ()


@pytest.mark.parametrize(
    "name",
    [
        "torchmetrics.functional.classification.multiclass_exact_match",
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
    ],
)
def test_num_classes_that_is_none_is_not_missing(name: str) -> None:
    found = predicted(name, "1.6.1", y_true=[[0, 1]], y_pred=[[0, 0]], num_classes=None)
    assert (found.type, found.reason and found.reason.code) == ("ValueError", "invalid-num-classes")


def test_every_supported_release_is_listed_once_and_the_newest_is_the_pinned_one() -> None:
    """What tries all releases reads this list."""
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    known = {found.distribution: found for found in (supported(one.name) for one in definitions()) if found}
    listed = PYPROJECT["tool"]["conformance"]["releases"]
    assert listed.keys() == known.keys() - {
        "tf_keras"
    }  # which needs a TensorFlow, and an interpreter, of its own
    for name, releases in listed.items():
        versions = [Version(release) for release in releases]
        assert versions == sorted(set(versions)), name
        assert versions[0].release[:2] == Version(known[name].oldest).release[:2], name
        assert releases[-1] == pinned[name] == known[name].newest, name
