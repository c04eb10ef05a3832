import pytest

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.errors import ConfigurationError


def loaded(path=None, profile=None, flags=None, **environment):
    return load(path and str(path), profile, flags, environment, shipped=profiles())


@pytest.mark.parametrize("name", sorted(profiles()))
def test_every_profile_that_ships_loads(name):
    settings = loaded(profile=name)
    assert settings.operators and settings.services and settings.symptoms
    for operator in settings.operators.values():
        assert operator.label and operator.names


@pytest.mark.parametrize("account", ["free", "Freebox", "Free_1337", "GroupeIliad"])
def test_the_french_profile_knows_the_own_accounts(french, account):
    assert account in french.operators["free"].accounts


def test_flags_stand_over_environment_over_file_over_profile(tmp_path):
    path = tmp_path / "o.toml"
    path.write_text("[detect]\nfalse_alarms_per_week = 2\n")
    key = "OUTAGEWATCH_DETECT__FALSE_ALARMS_PER_WEEK"
    assert loaded().detect.false_alarms_per_week == 1
    assert loaded(path).detect.false_alarms_per_week == 2
    assert loaded(path, **{key: "3"}).detect.false_alarms_per_week == 3
    flags = {"detect.false_alarms_per_week": 4.0}
    assert loaded(path, flags=flags, **{key: "3"}).detect.false_alarms_per_week == 4


def test_lists_add_unless_they_replace(tmp_path):
    path = tmp_path / "o.toml"
    path.write_text('[operators.free]\nnames = ["ma box"]\n')
    names = loaded(path).operators["free"].names
    assert "ma box" in names and "freebox" in names
    path.write_text('[operators.free]\nreplace = true\nnames = ["ma box"]\n')
    assert loaded(path).operators["free"].names == ["ma box"]


def test_a_profile_may_extend_another_by_name_or_path(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'extends = "telecom-fr"\n[operators.local]\nlabel = "Local"\nnames = ["localnet"]\n'
    )
    (tmp_path / "o.toml").write_text('profile = "mine.toml"\n')
    settings = loaded(tmp_path / "o.toml")
    assert {"free", "local"} <= set(settings.operators)


def test_a_profile_that_extends_itself_is_an_error(tmp_path):
    (tmp_path / "loop.toml").write_text('extends = "loop.toml"\n')
    with pytest.raises(ConfigurationError, match="extends itself"):
        loaded(profile=str(tmp_path / "loop.toml"))


def test_a_symptom_of_a_service_that_is_none_is_an_error(tmp_path):
    path = tmp_path / "o.toml"
    path.write_text(
        'profile = "telecom-fr"\n[symptoms.odd]\nservice = "fixed_net"\nkeywords = ["x"]\n'
    )
    with pytest.raises(ConfigurationError, match="did you mean fixed_internet"):
        loaded(path)
