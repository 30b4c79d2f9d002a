/// The part of the core that is written in Dana: what calls functions of the program's, and what goes through
/// generators item by item. Names with an underscore at their beginning are built-ins that only preludes see.
enum PreludeCore {
    static let source = SourceText(text, name: "<prelude>")

    private static let text = #"""
        def sum(iterable, /, start=0):
            """The start and all items added up."""
            if not _is_generator(iterable):
                total = _sum(iterable, start)
                if total is not null:
                    return total
            _sum([], start)
            for item in iterable:
                start = start + item
            return start

        def any(iterable, /):
            """Whether an item is true."""
            if not _is_generator(iterable):
                answer = _any(iterable)
                if answer is not null:
                    return answer
            for item in iterable:
                if item:
                    return true
            return false

        def all(iterable, /):
            """Whether all items are true."""
            if not _is_generator(iterable):
                answer = _all(iterable)
                if answer is not null:
                    return answer
            for item in iterable:
                if not item:
                    return false
            return true

        def max(*values, key=null, **options):
            """The greatest of the values, or of the items of the only one."""
            if key is null and not options:
                best = _max(_candidates("max", values, options))
                if best is not null:
                    return best
            return _extreme("max", values, key, options, true)

        def min(*values, key=null, **options):
            """The least of the values, or of the items of the only one."""
            if key is null and not options:
                best = _min(_candidates("min", values, options))
                if best is not null:
                    return best
            return _extreme("min", values, key, options, false)

        def _candidates(name, values, options):
            for option in options:
                if option != "default":
                    raise TypeError(f"{name}() got an unexpected keyword argument '{option}'")
            if len(values) == 1:
                return _items(name, values[0])
            if len(values) == 0:
                raise TypeError(f"{name} expected at least 1 argument, got 0")
            if options:
                raise TypeError(f"Cannot specify a default for {name}() with multiple positional arguments")
            return values

        def _items(name, iterable):
            if not _is_iterable(iterable):
                raise TypeError(f"{name}() expects a list, tuple, str, dict, set, range or other iterable at argument 'iterable', got {_type_name(iterable)}")
            return iterable

        def _extreme(name, values, key, options, is_greatest):
            is_first = true
            best = null
            best_key = null
            for item in _candidates(name, values, options):
                item_key = item if key is null else key(item)
                if is_first or (item_key > best_key if is_greatest else item_key < best_key):
                    is_first = false
                    best = item
                    best_key = item_key
            if not is_first:
                return best
            if "default" in options:
                return options["default"]
            raise ValueError(f"{name}() arg is an empty sequence")

        def sorted(iterable, /, *, key=null, reverse=false):
            """A new list of the items in order."""
            if key is null:
                items = list(iterable) if _is_of_host(iterable) else iterable
                result = _sorted(items, reverse)
                if result is not null:
                    return result
                return _merged(items, items, reverse)
            items = list(_items("sorted", iterable))
            keys = [key(item) for item in items]
            result = _sorted_by(items, keys, reverse)
            return _merged(items, keys, reverse) if result is null else result

        def _merged(items, keys, reverse):
            # Sorts by keys that only the host can compare.
            pairs = list(zip(keys, items))
            if reverse:
                pairs.reverse()
            width = 1
            while width < len(pairs):
                merged = []
                for start in range(0, len(pairs), 2 * width):
                    left = pairs[start:start + width]
                    right = pairs[start + width:start + 2 * width]
                    i = 0
                    j = 0
                    while i < len(left) and j < len(right):
                        if right[j][0] < left[i][0]:
                            merged.append(right[j])
                            j += 1
                        else:
                            merged.append(left[i])
                            i += 1
                    merged.extend(left[i:])
                    merged.extend(right[j:])
                pairs = merged
                width *= 2
            if reverse:
                pairs.reverse()
            return [pair[1] for pair in pairs]

        def _walk(handle):
            for item in handle:
                yield item

        def _list_sort(self, /, *, key=null, reverse=false):
            if key is null:
                if _sort_list(self, reverse) is null:
                    self[:] = _merged(self, self, reverse)
            else:
                items = self[:]
                self.clear()
                try:
                    keys = [key(item) for item in items]
                    if _sort_list_by(items, keys, reverse) is null:
                        items = _merged(items, keys, reverse)
                finally:
                    is_modified = len(self) > 0
                    self[:] = items
                if is_modified:
                    raise ValueError("list modified during sort")

        def enumerate(iterable, start=0):
            """Pairs of a number and an item."""
            if not _is_lazy(iterable):
                pairs = _enumerate(iterable, start)
                if pairs is not null:
                    return pairs
            return _numbered(_items("enumerate", iterable), start)

        def _numbered(iterable, number):
            for item in iterable:
                yield (number, item)
                number += 1

        def zip(*iterables, strict=false):
            """Tuples of the items that stand at the same place."""
            if not strict:
                is_plain = true
                for iterable in iterables:
                    if _is_lazy(iterable):
                        is_plain = false
                if is_plain:
                    return _zip(iterables)
            return _zipped([_iterator(iterable) for iterable in iterables], strict)

        def _zipped(iterators, strict):
            end = []
            while iterators:
                items = []
                for iterator in iterators:
                    item = _next(iterator, end)
                    if item is end:
                        if strict:
                            _check_zip_ends(iterators, len(items), end)
                        return
                    items.append(item)
                yield tuple(items)

        def _check_zip_ends(iterators, place, end):
            if place > 0:
                others = "argument 1" if place == 1 else f"arguments 1-{place}"
                raise ValueError(f"zip() argument {place + 1} is shorter than {others}")
            for other in range(1, len(iterators)):
                if _next(iterators[other], end) is not end:
                    others = "argument 1" if other == 1 else f"arguments 1-{other}"
                    raise ValueError(f"zip() argument {other + 1} is longer than {others}")

        def map(function, iterable, /, *others):
            """What a function gives for each item."""
            _items("map", iterable)
            for other in others:
                _items("map", other)
            if others:
                return _mapped_all(function, zip(iterable, *others))
            return _mapped(function, _begun(iterable))

        def _mapped(function, iterable):
            for item in iterable:
                yield function(item)

        def _mapped_all(function, tuples):
            for items in tuples:
                yield function(*items)

        def filter(function, iterable, /):
            """The items for which a function's result is true; for null, the items that are true."""
            return _filtered(function, _begun(_items("filter", iterable)))

        def _filtered(function, iterable):
            for item in iterable:
                if item if function is null else function(item):
                    yield item

        """#
}
