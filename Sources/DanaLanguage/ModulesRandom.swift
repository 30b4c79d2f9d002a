/// The module `random`, which a context must be granted: numbers that a seed determines. The sequence is Dana's own,
/// not Python's.
enum ModulesRandom {
    static let module = NativeCatalogue.Module(
        name: "random",
        functions: [
            NativeFunction("random._step", [NativeParameter("state")], "The next 53 bits.", body: step),
            NativeFunction(
                "random._entropy", [], "A seed that differs from run to run.",
                body: { call throws(DanaError) in
                    let state = call.heap.state
                    let entropy = state.pointee.isDeterministic ? state.pointee.seed : UInt64.random(in: .min ... .max)
                    return try call.heap.integer(Int(truncatingIfNeeded: entropy >> 2))
                }),
        ],
        prelude: SourceText(prelude, name: SourceText.preludePrefix + " random>"), capability: "random")

    /// The generator's 64 bits lie in a list of two integers, low and high half, so that a saved program keeps them.
    private static func step(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        guard list.count == 2, list[unchecked: 0].isSmallInteger, list[unchecked: 1].isSmallInteger else {
            throw call.expects("the state of the generator", at: 0)
        }
        var state =
            UInt64(truncatingIfNeeded: list[unchecked: 0].smallInteger)
            | UInt64(truncatingIfNeeded: list[unchecked: 1].smallInteger) << 32
        state &+= 0x9E37_79B9_7F4A_7C15
        list[unchecked: 0] = Value(small: Int(state & 0xFFFF_FFFF))
        list[unchecked: 1] = Value(small: Int(state >> 32))
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Value(small: Int((mixed ^ mixed >> 31) >> 11))
    }

    private static let prelude = #"""
        import math as _math

        _state = [0, 0]

        def seed(a=null):
            """Begins the sequence that belongs to a number or text; without one, any sequence."""
            number = 0
            if a is null:
                number = _entropy()
            elif isinstance(a, str):
                for character in a:
                    number = (number * 1000003 + ord(character)) % 18446744073709551557
            elif isinstance(a, float):
                n, d = a.as_integer_ratio()
                number = n * 1000003 + d
            elif isinstance(a, int):
                number = a
            else:
                raise TypeError(f"seed() expects None, int, float or str at argument 'a', got {_type_name(a)}")
            _state[0] = number & 0xFFFFFFFF
            _state[1] = (number >> 32) & 0xFFFFFFFF

        def random():
            """A float from 0 up to but not including 1."""
            return _step(_state) / 9007199254740992

        def uniform(a, b):
            """A float from a to b."""
            return a + (b - a) * random()

        def getrandbits(k):
            """An integer of so many bits."""
            if k < 0:
                raise ValueError("number of bits must be non-negative")
            number = 0
            left = k
            while left > 0:
                take = min(left, 32)
                number = number << take | _step(_state) >> 53 - take
                left -= take
            return number

        def _below(n):
            if n <= 0:
                raise ValueError("empty range")
            bits = n.bit_length()
            number = getrandbits(bits)
            while number >= n:
                number = getrandbits(bits)
            return number

        def randrange(start, stop=null, step=1):
            """An item of a range."""
            _require_integers("randrange", {"start": start, "stop": 0 if stop is null else stop, "step": step})
            if stop is null:
                if start <= 0:
                    raise ValueError("empty range for randrange()")
                return _below(start)
            if step == 0:
                raise ValueError("zero step for randrange()")
            count = (stop - start + step + (-1 if step > 0 else 1)) // step
            if count <= 0:
                raise ValueError(f"empty range for randrange() ({start}, {stop}, {stop - start})")
            return start + step * _below(count)

        def _require_integers(name, arguments):
            for argument, value in arguments.items():
                if not isinstance(value, int):
                    raise TypeError(f"{name}() expects an int at argument '{argument}', got {_type_name(value)}")

        def randint(a, b):
            """An integer from a to b, both included."""
            if not (isinstance(a, int) and isinstance(b, int)):
                _require_integers("randint", {"a": a, "b": b})
            if a > b:
                raise ValueError(f"empty range in randint({a}, {b})")
            return a + _below(b - a + 1)

        def choice(seq):
            """One of the items."""
            if len(seq) == 0:
                raise IndexError("Cannot choose from an empty sequence")
            return seq[_below(len(seq))]

        def choices(population, weights=null, *, k=1):
            """So many items, each chosen anew, by weight."""
            if weights is null:
                return [choice(population) for _ in range(k)]
            if len(weights) != len(population):
                raise ValueError("The number of weights does not match the population")
            totals = []
            total = 0
            for weight in weights:
                total += weight
                totals.append(total)
            if total <= 0:
                raise ValueError("Total of weights must be greater than zero")
            chosen = []
            for _ in range(k):
                point = random() * total
                place = 0
                while place < len(totals) - 1 and totals[place] <= point:
                    place += 1
                chosen.append(population[place])
            return chosen

        def shuffle(x):
            """Brings a list in any order."""
            for place in range(len(x) - 1, 0, -1):
                other = _below(place + 1)
                x[place], x[other] = x[other], x[place]

        def sample(population, k):
            """So many items, none twice."""
            items = list(population)
            if k < 0 or k > len(items):
                raise ValueError("Sample larger than population or is negative")
            for place in range(k):
                other = place + _below(len(items) - place)
                items[place], items[other] = items[other], items[place]
            return items[:k]

        def gauss(mu=0.0, sigma=1.0):
            """A float of the normal distribution."""
            size = _math.sqrt(-2.0 * _math.log(1.0 - random()))
            return mu + sigma * size * _math.cos(_math.tau * random())

        def normalvariate(mu=0.0, sigma=1.0):
            """A float of the normal distribution."""
            return gauss(mu, sigma)

        def expovariate(lambd=1.0):
            """A float of the exponential distribution."""
            return -_math.log(1.0 - random()) / lambd

        def triangular(low=0.0, high=1.0, mode=null):
            """A float of the triangular distribution."""
            point = random()
            middle = 0.5 if mode is null else (mode - low) / (high - low)
            if point > middle:
                point = 1.0 - point
                middle = 1.0 - middle
                low, high = high, low
            return low + (high - low) * _math.sqrt(point * middle)

        seed()

        """#
}
