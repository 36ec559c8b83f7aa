"""The rate of a progress bar: per second, or per minute where that is slow."""

from rich.progress import ProgressColumn, Task
from rich.text import Text


class RateColumn(ProgressColumn):
    """Steps, trajectories, ... a second; of a bar whose whole is 1, per cent."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        number, unit = (100 * speed, " %") if task.total == 1 else (speed, "")
        if number < 1:
            return Text(f"{60 * number:.3g}{unit}/min")
        return Text(f"{number:.3g}{unit}/s" if number < 1000 else f"{number:.2e}{unit}/s")
