"""Which records of a partition are done, although lanes finish in any order."""

from collections import deque
from dataclasses import dataclass, field

from aiokafka import TopicPartition


@dataclass(slots=True)
class _Partition:
    taken: deque[int] = field(default_factory=deque)
    done: set[int] = field(default_factory=set)
    next: int = 0
    committed: int = -1


class Offsets:
    """Keeps, for each partition, the first record that is not done: the offset to commit."""

    def __init__(self) -> None:
        self._partitions: dict[TopicPartition, _Partition] = {}
        self.outstanding = 0

    def take(self, place: TopicPartition, offset: int) -> None:
        """A record came. Those of one partition come in order."""
        self._partitions.setdefault(place, _Partition()).taken.append(offset)
        self.outstanding += 1

    def done(self, place: TopicPartition, offset: int) -> None:
        """A record's effect is committed in the database. Unknown records are ignored: their partition was given up."""
        partition = self._partitions.get(place)
        if partition is None:
            return
        partition.done.add(offset)
        self.outstanding -= 1
        while partition.taken and partition.taken[0] in partition.done:
            partition.done.remove(offset := partition.taken.popleft())
            partition.next = offset + 1

    def to_commit(self) -> dict[TopicPartition, int]:
        """What was reached since `committed` was last told."""
        return {place: found.next for place, found in self._partitions.items() if found.next > max(found.committed, 0)}

    def committed(self, offsets: dict[TopicPartition, int]) -> None:
        """The broker has these offsets."""
        for place, offset in offsets.items():
            if place in self._partitions:
                self._partitions[place].committed = offset

    def positions(self) -> dict[TopicPartition, int]:
        """The first record that is not done, for partitions of which a record came."""
        return {place: found.taken[0] if found.taken else found.next for place, found in self._partitions.items()}

    def clear(self) -> None:
        """The partitions were given up."""
        self._partitions.clear()
        self.outstanding = 0
