from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from made_cases import ADAPTERS

from conformance.adapters import registry
from conformance.adapters.base import Adapter, AdapterError, Implementation, Recipe
from conformance.adapters.registry import adapters, check_unique, installed

Install = Callable[[str, str], None]

GOOD = """\
from conformance.adapters.base import Adapter, AdapterError, Implementation, Recipe
ADAPTER = Adapter("{name}", "{name}_adapter:ADAPTER", {{}}, (
    Implementation("{id}", "accuracy", frozenset({{"binary"}}), Recipe((), "1.0")),
))
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package with an adapter, as pip would."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def add(name: str, source: str) -> None:
        (tmp_path / f"{name}_adapter.py").write_text(source)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{name} = {name}_adapter:ADAPTER\n")

    return add


def test_the_adapters_of_this_project_come_first_and_others_by_name(install: Install) -> None:
    for name in ("zeta", "alpha"):
        install(name, GOOD.format(name=name, id=name))
    origins = [adapter.origin for adapter in adapters()]
    assert origins == [*(adapter.origin for adapter in ADAPTERS), "alpha", "zeta"]


def test_an_adapter_that_cannot_be_loaded_is_named_with_the_reason(install: Install) -> None:
    install("broken", "import no_such_module")
    with pytest.raises(AdapterError) as caught:
        adapters()
    message = str(caught.value)
    assert "'broken' (broken_adapter:ADAPTER, from the package broken)" in message
    assert "No module named 'no_such_module'" in message
    assert "uninstall it" in message


def test_an_entry_point_that_is_no_adapter_is_refused(install: Install) -> None:
    install("odd", "ADAPTER = {'framework': 'odd'}")
    with pytest.raises(AdapterError, match=r"'odd' .* is a dict, not a conformance\.adapters\.base\.Adapter"):
        adapters()


def test_everything_that_is_wrong_with_an_adapter_is_said_with_its_name(install: Install) -> None:
    source = GOOD.replace('"accuracy"', '"acuracy"').replace('"1.0"', '"{{y_prd}}"')
    install("slip", source.format(name="slip", id="slip"))
    with pytest.raises(AdapterError) as caught:
        adapters()
    where = "Adapter 'slip' (slip_adapter:ADAPTER, from the package slip): slip: "
    quantity, placeholder = str(caught.value).splitlines()
    assert quantity.startswith(f"{where}quantity has 'acuracy' (did you mean 'accuracy'?)")
    assert placeholder.startswith(f"{where}the recipe has the unknown placeholder {{y_prd}}")


def test_a_module_that_exits_is_an_error_of_its_adapter(install: Install) -> None:
    install("leaves", "import sys\nsys.exit(0)")
    with pytest.raises(AdapterError, match=r"'leaves' .* cannot be loaded: SystemExit: 0"):
        adapters()


def test_a_path_that_leads_to_another_object_is_an_error(install: Install) -> None:
    install(
        "astray", GOOD.replace("{name}_adapter:ADAPTER", "{name}:ADAPTER").format(name="astray", id="astray")
    )
    with pytest.raises(AdapterError, match=r"path is 'astray:ADAPTER'.* Write .* 'astray_adapter:ADAPTER'"):
        adapters()


def test_an_adapter_may_bring_a_quantity_for_all(install: Install) -> None:
    own = GOOD.replace('"accuracy"', '"recall"')
    install(
        "brings",
        own.replace("\n))", "\n), quantities=('recall',))").format(name="brings", id="brings"),
    )
    install("uses", own.format(name="uses", id="uses"))
    assert {"brings", "uses"} <= {adapter.origin for adapter in adapters()}


def test_one_framework_may_have_several_environments_but_each_once() -> None:
    entry = Implementation("x.y", "accuracy", frozenset({"binary"}), Recipe((), "1.0"))
    adapter = Adapter("x", "x:ADAPTER", {}, (entry,))
    other = Adapter("x", "x:OTHER", {}, (entry.in_environment("else", ""),), environment="else")
    check_unique([adapter, other])
    with pytest.raises(AdapterError, match=r"'framework x@else' is defined twice"):
        check_unique([adapter, other, other])


def test_an_id_that_is_defined_twice_is_refused_with_both_owners(install: Install) -> None:
    install("thief", GOOD.format(name="thief", id="sklearn.metrics.accuracy_score"))
    with pytest.raises(AdapterError) as caught:
        adapters()
    message = str(caught.value)
    assert "'sklearn.metrics.accuracy_score' is defined twice" in message
    assert "by conformance.frameworks.sklearn.adapter:ADAPTER and by thief_adapter:ADAPTER" in message


def test_an_id_that_is_defined_twice_in_one_adapter_is_refused() -> None:
    entry = Implementation("x.y", "accuracy", frozenset({"binary"}), Recipe((), "1.0"))
    with pytest.raises(AdapterError, match=r"'x\.y' is defined twice"):
        check_unique([Adapter("x", "x:ADAPTER", {}, (entry, entry))])


def test_every_adapter_names_itself_and_its_definitions() -> None:
    for adapter in ADAPTERS:
        module, _, attribute = adapter.path.partition(":")
        assert getattr(importlib.import_module(module), attribute) is adapter
        module, _, attribute = adapter.definitions.partition(":")
        names = {
            definition.name for definition in getattr(importlib.import_module(module), attribute).definitions
        }
        assert {entry.definition for entry in adapter.implementations} <= names


def test_installed_reads_versions_and_says_none_for_what_is_missing() -> None:
    adapter = Adapter("x", "x:ADAPTER", {"numpy": "numpy", "no-such-distribution": "nothing"}, ())
    assert installed(adapter) == {"numpy": metadata.version("numpy"), "no-such-distribution": None}


def test_another_distribution_of_the_same_module_counts_where_the_first_is_missing() -> None:
    names = {"no-such-distribution": "numpy", "pytest": "pytest"}
    others = {"no-such-distribution": ("nor-this-one", "numpy"), "pytest": ("numpy",)}
    found = installed(Adapter("x", "x:ADAPTER", names, (), alternatives=others))
    assert found == {
        "no-such-distribution": metadata.version("numpy"),
        "pytest": metadata.version("pytest"),
    }
