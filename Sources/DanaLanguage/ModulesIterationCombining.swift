// The part of the module `iteration` that puts items together: chains, products, permutations, groups.

extension ModulesIteration {
    static let combining = #"""
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
}
