// nanobind: the peer among C++ binding libraries.
#include "value_tree.h"
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unordered_map.h>
#include <nanobind/stl/vector.h>
namespace nb = nanobind;
static Value value_from(nb::handle o) {
    if (o.is_none())
        return {};
    if (nb::isinstance<nb::bool_>(o))
        return {nb::cast<bool>(o)};
    if (nb::isinstance<nb::str>(o))
        return {nb::cast<std::string>(o)};
    if (nb::isinstance<nb::int_>(o))
        return {nb::cast<int64_t>(o)};
    if (nb::isinstance<nb::float_>(o))
        return {nb::cast<double>(o)};
    if (nb::isinstance<nb::list>(o)) {
        ValueList l;
        auto pl = nb::borrow<nb::list>(o);
        l.reserve(pl.size());
        for (auto x : pl)
            l.push_back(value_from(x));
        return {std::move(l)};
    }
    if (nb::isinstance<nb::dict>(o)) {
        ValueDict d;
        auto pd = nb::borrow<nb::dict>(o);
        d.reserve(pd.size());
        for (auto x : pd)
            d.emplace_back(nb::cast<std::string>(x.first), value_from(x.second));
        return {std::move(d)};
    }
    throw nb::type_error("unsupported type");
}
static nb::object value_to(const Value &value) {
    switch (value.content.index()) {
    case 0:
        return nb::none();
    case 1:
        return nb::bool_(std::get<bool>(value.content));
    case 2:
        return nb::int_(std::get<int64_t>(value.content));
    case 3:
        return nb::float_(std::get<double>(value.content));
    case 4: {
        auto &s = std::get<std::string>(value.content);
        return nb::str(s.data(), s.size());
    }
    case 5: {
        auto &l = std::get<ValueList>(value.content);
        nb::object r = nb::steal(PyList_New(l.size()));
        size_t i = 0;
        for (auto &x : l)
            PyList_SET_ITEM(r.ptr(), i++, value_to(x).release().ptr());
        return r;
    }
    default: {
        nb::dict r;
        for (auto &[k, x] : std::get<ValueDict>(value.content))
            r[nb::str(k.data(), k.size())] = value_to(x);
        return r;
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
NB_MODULE(peer_nanobind, m) {
    m.def("noop", [] {});
    m.def("noop_nogil", [] {}, nb::call_guard<nb::gil_scoped_release>());
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
    m.def("json_rt", [](nb::handle o) { return value_to(value_from(o)); });
    m.def("boom", [] { throw nb::value_error("boom"); });
    m.def(
        "kw", [](const std::string &prompt, nb::object options, int64_t n) { return (int64_t)prompt.size() + n; },
        nb::arg("prompt"), nb::arg("options") = nb::none(), nb::arg("n") = 0);
    m.def("buf_sum1", [](nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu> a) {
        return a.data()[0] + (double)a.size();
    });
    nb::class_<Obj>(m, "Obj").def(nb::init<>()).def("add", &Obj::add);
    m.def("call_py", [](nb::callable f, long n) {
        for (long i = 0; i < n; i++)
            f();
    });
}
