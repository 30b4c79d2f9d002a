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

    private static let combining = #"""
        def chain(*iterables):
            """The items of one iterable after the other."""
            for iterable in iterables:
                for item in iterable:
                    yield item

        def chain_from(iterables):
            """As chain, of an iterable of iterables."""
            for iterable in iterables:
                for item in iterable:
                    yield item

        def zip_longest(*iterables, fillvalue=null):
            """As zip until the longest ends, with a value for what the others lack."""
            return _zipped_longest([_iterator(iterable) for iterable in iterables], fillvalue)

        def _zipped_longest(iterators, fill):
            end = []
            left = len(iterators)
            while left > 0:
                items = []
                for place in range(len(iterators)):
                    item = fill
                    if iterators[place] is not null:
                        item = _next(iterators[place], end)
                        if item is end:
                            iterators[place] = null
                            item = fill
                            left -= 1
                            if left == 0:
                                return
                    items.append(item)
                yield tuple(items)

        def product(*iterables, repeat=1):
            """Tuples with one item of each iterable, the last changing first."""
            if repeat < 0:
                raise ValueError("repeat argument cannot be negative")
            return _products([tuple(iterable) for iterable in iterables] * repeat)

        def _products(pools):
            for pool in pools:
                if not pool:
                    return
            places = [0] * len(pools)
            while true:
                yield tuple([pool[place] for pool, place in zip(pools, places)])
                at = len(pools) - 1
                while at >= 0 and places[at] == len(pools[at]) - 1:
                    places[at] = 0
                    at -= 1
                if at < 0:
                    return
                places[at] += 1

        def combinations(iterable, r):
            """The ways to choose r items, each in the order of the iterable."""
            if r < 0:
                raise ValueError("r must be non-negative")
            return _combinations(tuple(iterable), r)

        def _combinations(pool, r):
            n = len(pool)
            if r > n:
                return
            places = list(range(r))
            while true:
                yield tuple([pool[place] for place in places])
                at = r - 1
                while at >= 0 and places[at] == at + n - r:
                    at -= 1
                if at < 0:
                    return
                places[at] += 1
                for after in range(at + 1, r):
                    places[after] = places[after - 1] + 1

        def combinations_with_replacement(iterable, r):
            """The ways to choose r items, the same more than once allowed."""
            if r < 0:
                raise ValueError("r must be non-negative")
            return _repeated_combinations(tuple(iterable), r)

        def _repeated_combinations(pool, r):
            n = len(pool)
            if n == 0 and r > 0:
                return
            places = [0] * r
            while true:
                yield tuple([pool[place] for place in places])
                at = r - 1
                while at >= 0 and places[at] == n - 1:
                    at -= 1
                if at < 0:
                    return
                places[at:] = [places[at] + 1] * (r - at)

        def permutations(iterable, r=null):
            """The ways to line up r items, or all."""
            pool = tuple(iterable)
            r = len(pool) if r is null else r
            if r < 0:
                raise ValueError("r must be non-negative")
            return _permutations(pool, r)

        def _permutations(pool, r):
            n = len(pool)
            if r > n:
                return
            places = list(range(n))
            cycles = list(range(n, n - r, -1))
            yield tuple([pool[place] for place in places[:r]])
            while n:
                at = r - 1
                while at >= 0:
                    cycles[at] -= 1
                    if cycles[at] == 0:
                        places[at:] = places[at + 1:] + places[at:at + 1]
                        cycles[at] = n - at
                        at -= 1
                    else:
                        other = n - cycles[at]
                        places[at], places[other] = places[other], places[at]
                        yield tuple([pool[place] for place in places[:r]])
                        break
                if at < 0:
                    return


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
