"""The one curve by which quality lowers trust."""


def ramp(value: float, none: float, full: float, floor: float = 0.1) -> float:
    """1 at `full` and beyond, `floor` at `none` and beyond, straight in between; either may be the larger one."""
    share = (value - none) / (full - none)
    return floor + (1 - floor) * max(0.0, min(1.0, share))
