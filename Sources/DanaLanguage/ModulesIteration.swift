/// The module `iteration`: lazy iteration as Python's `itertools` and `functools.reduce` do it, written in Dana.
enum ModulesIteration {
    static let module = NativeCatalogue.Module(
        name: "iteration",
        prelude: SourceText(endless + selecting + combining + gathering, name: SourceText.preludePrefix + " iteration>")
    )

    private static let endless = #"""
        def count(start=0, step=1):
            """start, start + step, ... without end."""
            while true:
                yield start
                start += step

        def cycle(iterable):
            """The items again and again."""
            items = []
            for item in iterable:
                items.append(item)
                yield item
            while items:
                for item in items:
                    yield item

        def repeat(item, times=null):
            """The same item, without end or so many times."""
            if times is null:
                while true:
                    yield item
            for _ in range(times):
                yield item


        """#

    private static let selecting = #"""
        def islice(iterable, *bounds):
            """The items of a slice: islice(items, stop) or islice(items, start, stop, step)."""
            if len(bounds) == 0 or len(bounds) > 3:
                raise TypeError(f"islice() expects a stop, or a start, a stop and a step, got {len(bounds)} bounds")
            start = 0
            stop = bounds[0]
            step = 1
            if len(bounds) > 1:
                start = 0 if bounds[0] is null else bounds[0]
                stop = bounds[1]
            if len(bounds) > 2 and bounds[2] is not null:
                step = bounds[2]
            for bound in (start, 0 if stop is null else stop):
                if not isinstance(bound, int) or bound < 0:
                    raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
            if not isinstance(step, int) or step < 1:
                raise ValueError("Step for islice() must be a positive integer or None.")
            return _sliced(_iterator(iterable), start, stop, step)

        def _sliced(iterator, start, stop, step):
            end = []
            place = 0
            while stop is null or place < stop:
                item = _next(iterator, end)
                if item is end:
                    return
                if place >= start and (place - start) % step == 0:
                    yield item
                place += 1

        def takewhile(predicate, iterable):
            """The items before the first for which the predicate is false."""
            for item in iterable:
                if not predicate(item):
                    return
                yield item

        def dropwhile(predicate, iterable):
            """The items from the first for which the predicate is false."""
            drops = true
            for item in iterable:
                if drops and predicate(item):
                    continue
                drops = false
                yield item

        def filterfalse(predicate, iterable):
            """The items for which the predicate is false."""
            for item in iterable:
                if not (item if predicate is null else predicate(item)):
                    yield item

        def compress(data, selectors):
            """The items that stand where a selector is true."""
            for item, selector in zip(data, selectors):
                if selector:
                    yield item


        """#

    private static let gathering = #"""
        def accumulate(iterable, func=null, *, initial=null):
            """The running totals, or what a function makes of the total and the next item."""
            total = initial
            is_first = initial is null
            if not is_first:
                yield total
            for item in iterable:
                if is_first:
                    total = item
                    is_first = false
                else:
                    total = total + item if func is null else func(total, item)
                yield total

        def reduce(function, iterable, *initial):
            """What a function makes of the first two items, of that and the third, and so on."""
            if len(initial) > 1:
                raise TypeError(f"reduce() takes at most 3 arguments, got {len(initial) + 2}")
            is_first = not initial
            total = null if is_first else initial[0]
            for item in iterable:
                if is_first:
                    total = item
                    is_first = false
                else:
                    total = function(total, item)
            if is_first:
                raise TypeError("reduce() of empty iterable with no initial value")
            return total

        def starmap(function, iterable):
            """What a function gives for each tuple of arguments."""
            for arguments in iterable:
                yield function(*arguments)

        def pairwise(iterable):
            """Each item with the one behind it."""
            is_first = true
            before = null
            for item in iterable:
                if not is_first:
                    yield (before, item)
                is_first = false
                before = item

        def batched(iterable, n):
            """Tuples of n items, the last perhaps shorter."""
            if n < 1:
                raise ValueError("n must be at least one")
            return _batches(iterable, n)

        def _batches(iterable, n):
            batch = []
            for item in iterable:
                batch.append(item)
                if len(batch) == n:
                    yield tuple(batch)
                    batch = []
            if batch:
                yield tuple(batch)

        def groupby(iterable, key=null):
            """Pairs of a key and the list of the items that follow one another with that key."""
            is_first = true
            current = null
            group = []
            for item in iterable:
                item_key = item if key is null else key(item)
                if is_first or item_key != current:
                    if not is_first:
                        yield (current, group)
                    is_first = false
                    current = item_key
                    group = []
                group.append(item)
            if not is_first:
                yield (current, group)

        def tee(iterable, n=2):
            """Lists of the items, as many as asked for."""
            items = list(iterable)
            return tuple([list(items) for _ in range(n)])

        """#
}
