// pybind11: the most used of the C++ binding libraries.
#include "value_tree.h"
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
namespace py = pybind11;
static Value value_from(py::handle o) {
    if (o.is_none())
        return {};
    if (py::isinstance<py::bool_>(o))
        return {o.cast<bool>()};
    if (py::isinstance<py::str>(o))
        return {o.cast<std::string>()};
    if (py::isinstance<py::int_>(o))
        return {o.cast<int64_t>()};
    if (py::isinstance<py::float_>(o))
        return {o.cast<double>()};
    if (py::isinstance<py::list>(o)) {
        ValueList l;
        auto pl = py::reinterpret_borrow<py::list>(o);
        l.reserve(pl.size());
        for (auto x : pl)
            l.push_back(value_from(x));
        return {std::move(l)};
    }
    if (py::isinstance<py::dict>(o)) {
        ValueDict d;
        auto pd = py::reinterpret_borrow<py::dict>(o);
        d.reserve(pd.size());
        for (auto x : pd)
            d.emplace_back(x.first.cast<std::string>(), value_from(x.second));
        return {std::move(d)};
    }
    throw py::type_error("unsupported type");
}
static py::object value_to(const Value &value) {
    switch (value.content.index()) {
    case 0:
        return py::none();
    case 1:
        return py::bool_(std::get<bool>(value.content));
    case 2:
        return py::int_(std::get<int64_t>(value.content));
    case 3:
        return py::float_(std::get<double>(value.content));
    case 4:
        return py::str(std::get<std::string>(value.content));
    case 5: {
        auto &l = std::get<ValueList>(value.content);
        py::list r(l.size());
        size_t i = 0;
        for (auto &x : l)
            PyList_SET_ITEM(r.ptr(), i++, value_to(x).release().ptr());
        return std::move(r);
    }
    default: {
        py::dict r;
        for (auto &[k, x] : std::get<ValueDict>(value.content))
            r[py::str(k)] = value_to(x);
        return std::move(r);
    }
    }
}
struct Obj {
    int64_t v = 0;
    int64_t add(int64_t x) {
        v += x;
        return v & 0xff;
    }
};
PYBIND11_MODULE(peer_pybind11, m, py::mod_gil_not_used()) {
    m.def("noop", [] {});
    m.def("noop_nogil", [] {}, py::call_guard<py::gil_scoped_release>());
    m.def("add1", [](int64_t a) { return a + 1; });
    m.def("echo", [](std::string s) { return s; });
    m.def("list_rt", [](std::vector<int64_t> v) {
        for (auto &x : v)
            x += 1;
        return v;
    });
    m.def("dict_rt", [](std::unordered_map<std::string, int64_t> d) {
        for (auto &x : d)
            x.second += 1;
        return d;
    });
    m.def("json_rt", [](py::handle o) { return value_to(value_from(o)); });
    m.def("boom", [] { throw py::value_error("boom"); });
    m.def(
        "kw", [](const std::string &prompt, py::object options, int64_t n) { return (int64_t)prompt.size() + n; },
        py::arg("prompt"), py::arg("options") = py::none(), py::arg("n") = 0);
    m.def("buf_sum1", [](py::array_t<double, py::array::c_style> a) { return a.data()[0] + (double)a.size(); });
    py::class_<Obj>(m, "Obj").def(py::init<>()).def("add", &Obj::add);
    m.def("call_py", [](py::function f, long n) {
        for (long i = 0; i < n; i++)
            f();
    });
}
