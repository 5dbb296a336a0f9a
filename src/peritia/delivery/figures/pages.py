"""All figures of a delivery by file name, and any of them as PNG."""

from __future__ import annotations

from collections.abc import Iterator

from peritia.delivery.delivery import Delivery
from peritia.delivery.figures.charts import depth_figure, histogram_figure, plasma_figure, region_figure, temperature_figure
from peritia.delivery.figures.map import peritoneal_map


def figures(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """File stem and SVG of every figure."""
    for one in delivery.drugs:
        yield f"map-{one.drug}", peritoneal_map(delivery, one.drug)
        if delivery.plan.kind == "pipac":
            yield f"landed-{one.drug}", peritoneal_map(delivery, one.drug, "landed_mg_per_m2")
        yield f"regions-{one.drug}", region_figure(delivery, one.drug)
        yield f"depth-{one.drug}", depth_figure(delivery, one.drug)
    yield "histogram", histogram_figure(delivery)
    yield "plasma", plasma_figure(delivery)
    if delivery.plan.kind == "hipec":
        yield "temperature", temperature_figure(delivery)
        yield "map-temperature", peritoneal_map(delivery, delivery.drugs[0].drug, "temperature_c")
        yield "map-cem43", peritoneal_map(delivery, delivery.drugs[0].drug, "cem43_min")


def png(svg: str, scale: float = 2.0) -> bytes:
    """A figure as PNG."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))  # pyright: ignore[reportUnknownMemberType]
