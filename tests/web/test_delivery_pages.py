"""A session simulated from its page: in the background, once for each plan, shown as map, table and curves."""

from __future__ import annotations

import re
import time

import pytest
from web_clinic import Browser

from peritia.store import Scope
from peritia.web import House

ASKED = {"regimen": "pipac-oxaliplatin-120", "formula": "mosteller", "on": "2026-11-21"}
PAGE = "/patients/maria/delivery?regimen=pipac-oxaliplatin-120&formula=mosteller&on=2026-11-21"


def test_a_session_is_simulated_in_the_background_and_kept(
    clinic, clinician: Browser, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The map is drawn by its own tests, and in the browser; drawing takes longer than everything else together."""
    monkeypatch.setattr("peritia.delivery.figures.peritoneal_map", lambda *_: '<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    assert "Simulate this session" in clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120").text
    assert clinician.post("/patients/maria/delivery", ASKED).status_code == 303
    part = clinician.get(PAGE, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    for _ in range(600):
        if "hx-trigger" not in clinician.get(PAGE).text:
            break
        time.sleep(0.1)
    page = clinician.text
    assert "Plasma peak, total platinum" in page
    assert "pelvis" in page.lower()
    assert "it decides nothing" in page
    image = re.findall(r'src="(/patients/maria/delivery/\w{24}/map-oxaliplatin\.svg)"', page)[0]
    drawn = clinician.get(image)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    kept = list((house.settings.data / "deliveries" / "maria").iterdir())
    assert sorted(path.suffix for path in kept) == [".json", ".npz"]
    assert "By region" in clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120").text
    clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120")
    taken = image.rsplit("/", 1)[0] + "/take"
    assert clinician.post(taken).status_code == 303
    assert house.record.case("maria", scope=Scope.everywhere()).predicted[-1].drug == "oxaliplatin"
    assert "Predicted by simulation" in clinician.get("/patients/maria").text
    assert "in the case" in clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120").text
    south = Browser(clinic)
    south.sign_in("clinician-south")
    assert south.get(image).status_code == 404


def test_what_cannot_be_simulated_says_why(clinician: Browser) -> None:
    clinician.post("/patients/new", {"site": "colon", "id": "bare"})
    page = clinician.get("/patients/bare/session/plan?regimen=pipac-oxaliplatin-120").text
    assert "It cannot be simulated: the case does not tell sex" in page
    assert clinician.post("/patients/bare/delivery", ASKED).status_code == 422
    assert clinician.get("/patients/maria/delivery?regimen=nothing").status_code == 200
    assert "no regimen is named" in clinician.text
    assert clinician.get("/patients/maria/delivery/x/map-oxaliplatin.svg").status_code == 404
    assert clinician.get(f"/patients/maria/delivery/{'a' * 24}/map-oxaliplatin.svg").status_code == 404
