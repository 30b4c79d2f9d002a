/// The module `statistics`, written in Dana: exact sums of fractions, rounded once at the end, as Python's module does.
enum ModulesStatistics {
    static let module = NativeCatalogue.Module(
        name: "statistics",
        prelude: SourceText(exact + averages + spread + relations, name: SourceText.preludePrefix + " statistics>"))

    private static let exact = #"""
        StatisticsError = StatisticsError

        import math as _math

        def _items(name, data, parameter="data"):
            if not _is_iterable(data):
                raise TypeError(f"statistics.{name}() expects a list, tuple or other iterable at argument '{parameter}', got {_type_name(data)}")
            return list(data)

        def _numbers(data, name):
            numbers = _items(name, data)
            if not numbers:
                raise StatisticsError(f"{name} requires at least one data point")
            return numbers

        def _exact_sums(numbers):
            """The sum and the sum of squares as fractions, and whether all are integers."""
            sums = {}
            squares = {}
            whole = true
            for number in numbers:
                if isinstance(number, float):
                    whole = false
                    if not _math.isfinite(number):
                        return (null, null, false)
                elif not isinstance(number, int):
                    raise TypeError(f"can't convert type '{_type_name(number)}' to numerator/denominator")
                n, d = number.as_integer_ratio()
                sums[d] = sums.get(d, 0) + n
                squares[d] = squares.get(d, 0) + n * n
            return (_added(sums, 1), _added(squares, 2), whole)

        def _added(partials, power):
            n = 0
            d = 1
            for denominator, numerator in partials.items():
                below = denominator ** power
                n, d = n * below + numerator * d, d * below
                common = _math.gcd(n, d)
                n, d = n // common, d // common
            return (n, d)

        def _rounded(n, d, whole):
            if n is null:
                return _math.nan
            if whole and n % d == 0:
                return n // d
            return n / d

        def _root(n, d):
            """The square root of a fraction as the nearest float: enough bits, the last of which tells of a rest."""
            if n is null:
                return _math.nan
            shift = (n.bit_length() - d.bit_length() - 109) // 2
            if shift >= 0:
                d <<= 2 * shift
            else:
                n <<= -2 * shift
            root = _math.isqrt(n // d)
            if root * root * d != n:
                root |= 1
            if shift >= 0:
                return float(root << shift)
            return root / (1 << -shift)


        """#

    private static let averages = #"""
        def mean(data):
            """The sum divided by the number."""
            numbers = _numbers(data, "mean")
            total, _, whole = _exact_sums(numbers)
            if total is null:
                return sum(numbers) / len(numbers)
            return _rounded(total[0], total[1] * len(numbers), whole)

        def fmean(data, weights=null):
            """The mean as a float, quickly."""
            numbers = _numbers(data, "fmean")
            if weights is null:
                return _math.fsum(numbers) / len(numbers)
            weights = _items("fmean", weights, "weights")
            if len(weights) != len(numbers):
                raise StatisticsError("data and weights must be the same length")
            whole = _math.fsum(weights)
            if not whole:
                raise StatisticsError("sum of weights must be non-zero")
            return _math.fsum([number * weight for number, weight in zip(numbers, weights)]) / whole

        def geometric_mean(data):
            """The root of the product."""
            numbers = _items("geometric_mean", data)
            if not numbers or min(numbers) <= 0:
                raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers")
            return _math.exp(fmean([_math.log(number) for number in numbers]))

        def harmonic_mean(data, weights=null):
            """The number divided by the sum of the reciprocals; by their weights where there are such."""
            numbers = _numbers(data, "harmonic_mean")
            if weights is not null:
                return _weighted_harmonic_mean(numbers, _items("harmonic_mean", weights, "weights"))
            reciprocals = []
            for number in numbers:
                if not isinstance(number, (int, float)):
                    raise TypeError("unsupported type")
                if number < 0:
                    raise StatisticsError("harmonic mean does not support negative values")
                if len(numbers) == 1:
                    return number
                if number == 0:
                    return 0
                reciprocals.append(1 / number)
            total, _, _ = _exact_sums(reciprocals)
            if total is null:
                return len(numbers) / sum(reciprocals)
            if total[0] == 0:
                raise StatisticsError("Weighted sum must be positive")
            return len(numbers) * total[1] / total[0]

        def _weighted_harmonic_mean(numbers, weights):
            if len(weights) != len(numbers):
                raise StatisticsError("Number of weights does not match data size")
            if min(weights) < 0:
                raise StatisticsError("harmonic mean does not support negative values")
            parts = []
            for number, weight in zip(numbers, weights):
                if number < 0:
                    raise StatisticsError("harmonic mean does not support negative values")
                if weight and number == 0:
                    return 0
                parts.append(weight / number if weight else 0)
            total, _, _ = _exact_sums(parts)
            whole, _, _ = _exact_sums(weights)
            if total is null or whole is null:
                return sum(weights) / sum(parts)
            if total[0] <= 0:
                raise StatisticsError("Weighted sum must be positive")
            return whole[0] * total[1] / (whole[1] * total[0])

        def median(data):
            """The one in the middle, or the mean of the two there."""
            numbers = sorted(_items("median", data))
            if not numbers:
                raise StatisticsError("no median for empty data")
            middle = len(numbers) // 2
            if len(numbers) % 2 == 1:
                return numbers[middle]
            return (numbers[middle - 1] + numbers[middle]) / 2

        def median_low(data):
            """The lower of those in the middle."""
            numbers = sorted(_items("median_low", data))
            if not numbers:
                raise StatisticsError("no median for empty data")
            return numbers[(len(numbers) - 1) // 2]

        def median_high(data):
            """The higher of those in the middle."""
            numbers = sorted(_items("median_high", data))
            if not numbers:
                raise StatisticsError("no median for empty data")
            return numbers[len(numbers) // 2]

        def median_grouped(data, interval=1.0):
            """The middle of data that lie in classes of a width, within the class."""
            numbers = sorted(_items("median_grouped", data))
            count = len(numbers)
            if count == 0:
                raise StatisticsError("no median for empty data")
            middle = numbers[count // 2]
            below = sum([1 for number in numbers if number < middle])
            within = sum([1 for number in numbers if number == middle])
            width = float(interval)
            return float(middle) - width / 2.0 + width * (count / 2 - below) / within

        def mode(data):
            """The first of the most frequent."""
            modes = _modes(_items("mode", data))
            if not modes:
                raise StatisticsError("no mode for empty data")
            return modes[0]

        def multimode(data):
            """All of the most frequent."""
            return _modes(_items("multimode", data))

        def _modes(items):
            counts = {}
            for item in items:
                counts[item] = counts.get(item, 0) + 1
            most = max(counts.values(), default=0)
            return [item for item, count in counts.items() if count == most]

        def quantiles(data, *, n=4, method="exclusive"):
            """The n - 1 points that part the data in n of one size."""
            if n < 1:
                raise StatisticsError("n must be at least 1")
            numbers = sorted(_items("quantiles", data))
            count = len(numbers)
            if count < 2:
                raise StatisticsError("must have at least two data points")
            points = []
            if method == "inclusive":
                for i in range(1, n):
                    j, delta = divmod(i * (count - 1), n)
                    points.append((numbers[j] * (n - delta) + numbers[j + 1] * delta) / n)
                return points
            if method != "exclusive":
                raise ValueError(f"Unknown method: {method!r}")
            for i in range(1, n):
                j = i * (count + 1) // n
                j = 1 if j < 1 else count - 1 if j > count - 1 else j
                delta = i * (count + 1) - j * n
                points.append((numbers[j - 1] * (n - delta) + numbers[j] * delta) / n)
            return points


        """#

    private static let spread = #"""
        def _deviations(numbers, center):
            """The sum of the squares of the distances from the mean, or from a given one, as a fraction."""
            total, squares, whole = _exact_sums(numbers)
            if total is null:
                return (null, 1, false)
            count = len(numbers)
            n, d = total[0], total[1]
            if center is null:
                above = count * squares[0] * d * d - n * n * squares[1]
                return (above, squares[1] * d * d * count, whole)
            if isinstance(center, float):
                whole = false
            c, e = center.as_integer_ratio()
            common = squares[1] * d * e * e
            above = squares[0] * d * e * e - 2 * n * c * squares[1] * e + count * c * c * squares[1] * d
            return (above, common, whole)

        def variance(data, xbar=null):
            """The mean square distance from the mean, of a sample."""
            numbers = _items("variance", data)
            if len(numbers) < 2:
                raise StatisticsError("variance requires at least two data points")
            n, d, whole = _deviations(numbers, xbar)
            return _rounded(n, d * (len(numbers) - 1), whole)

        def pvariance(data, mu=null):
            """The mean square distance from the mean, of all."""
            numbers = _numbers(data, "pvariance")
            n, d, whole = _deviations(numbers, mu)
            return _rounded(n, d * len(numbers), whole)

        def stdev(data, xbar=null):
            """The root of the variance."""
            numbers = _items("stdev", data)
            if len(numbers) < 2:
                raise StatisticsError("stdev requires at least two data points")
            n, d, _ = _deviations(numbers, xbar)
            return _root(n, d * (len(numbers) - 1))

        def pstdev(data, mu=null):
            """The root of the pvariance."""
            numbers = _numbers(data, "pstdev")
            n, d, _ = _deviations(numbers, mu)
            return _root(n, d * len(numbers))


        """#

    private static let relations = #"""
        def covariance(x, y):
            """How two series vary together."""
            x, y = _pairs("covariance", x, y)
            return _products(x, y) / (len(x) - 1)

        def correlation(x, y):
            """Pearson's coefficient of two series, from -1 to 1."""
            x, y = _pairs("correlation", x, y)
            size = _math.sqrt(_products(x, x) * _products(y, y))
            if size == 0:
                raise StatisticsError("at least one of the inputs is constant")
            return _products(x, y) / size

        struct LinearRegression:
            slope: float
            intercept: float

        def linear_regression(x, y):
            """The straight line nearest to the points."""
            x, y = _pairs("linear regression", x, y)
            size = _products(x, x)
            if size == 0:
                raise StatisticsError("x is constant")
            slope = _products(x, y) / size
            return LinearRegression(slope, fmean(y) - slope * fmean(x))

        def _pairs(name, x, y):
            function = name.replace(" ", "_")
            x = _items(function, x, "x")
            y = _items(function, y, "y")
            if len(x) != len(y):
                raise StatisticsError(f"{name} requires that both inputs have same number of data points")
            if len(x) < 2:
                raise StatisticsError(f"{name} requires at least two data points")
            return (x, y)

        def _products(x, y):
            x_mean = fmean(x)
            y_mean = fmean(y)
            return _math.fsum([(a - x_mean) * (b - y_mean) for a, b in zip(x, y)])

        """#
}
