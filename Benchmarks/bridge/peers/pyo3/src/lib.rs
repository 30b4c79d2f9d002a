//! PyO3 0.17, the version that Debian 12 packages.
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};
use std::collections::HashMap;
#[pyfunction]
fn noop() {}
#[pyfunction]
fn noop_nogil(py: Python) {
    py.allow_threads(|| {})
}
#[pyfunction]
fn add1(a: i64) -> i64 {
    a + 1
}
#[pyfunction]
fn echo(s: String) -> String {
    s
}
#[pyfunction]
fn list_rt(mut v: Vec<i64>) -> Vec<i64> {
    for x in v.iter_mut() {
        *x += 1
    }
    v
}
#[pyfunction]
fn dict_rt(mut d: HashMap<String, i64>) -> HashMap<String, i64> {
    for x in d.values_mut() {
        *x += 1
    }
    d
}
enum Val {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    List(Vec<Val>),
    Dict(Vec<(String, Val)>),
}
fn from(o: &PyAny) -> PyResult<Val> {
    if o.is_none() {
        return Ok(Val::Null);
    }
    if let Ok(b) = o.downcast::<PyBool>() {
        return Ok(Val::Bool(b.is_true()));
    }
    if let Ok(s) = o.downcast::<PyString>() {
        return Ok(Val::Str(s.to_str()?.to_owned()));
    }
    if o.downcast::<PyInt>().is_ok() {
        return Ok(Val::Int(o.extract()?));
    }
    if let Ok(f) = o.downcast::<PyFloat>() {
        return Ok(Val::Float(f.value()));
    }
    if let Ok(l) = o.downcast::<PyList>() {
        return Ok(Val::List(l.iter().map(from).collect::<PyResult<_>>()?));
    }
    if let Ok(d) = o.downcast::<PyDict>() {
        return Ok(Val::Dict(
            d.iter()
                .map(|(k, v)| Ok((k.downcast::<PyString>()?.to_str()?.to_owned(), from(v)?)))
                .collect::<PyResult<_>>()?,
        ));
    }
    Err(pyo3::exceptions::PyTypeError::new_err("unsupported type"))
}
fn to(py: Python, v: Val) -> PyObject {
    match v {
        Val::Null => py.None(),
        Val::Bool(b) => b.into_py(py),
        Val::Int(i) => i.into_py(py),
        Val::Float(f) => f.into_py(py),
        Val::Str(s) => s.into_py(py),
        Val::List(l) => PyList::new(py, l.into_iter().map(|x| to(py, x)).collect::<Vec<_>>()).into_py(py),
        Val::Dict(d) => {
            let r = PyDict::new(py);
            for (k, x) in d {
                r.set_item(k, to(py, x)).unwrap()
            }
            r.into_py(py)
        }
    }
}
#[pyfunction]
fn json_rt(py: Python, o: &PyAny) -> PyResult<PyObject> {
    Ok(to(py, from(o)?))
}
#[pyfunction]
fn boom() -> PyResult<()> {
    Err(pyo3::exceptions::PyValueError::new_err("boom"))
}
#[pyfunction(options = "None", n = "0")]
fn kw(prompt: &str, options: Option<&PyAny>, n: i64) -> i64 {
    let _ = options;
    prompt.len() as i64 + n
}
#[pyfunction]
fn buf_sum1(py: Python, a: PyBuffer<f64>) -> PyResult<f64> {
    let s = a.as_slice(py).unwrap();
    Ok(s[0].get() + s.len() as f64)
}
#[pyclass]
struct Obj {
    v: i64,
}
#[pymethods]
impl Obj {
    #[new]
    fn new() -> Self {
        Obj { v: 0 }
    }
    fn add(&mut self, x: i64) -> i64 {
        self.v += x;
        self.v & 0xff
    }
}
#[pyfunction]
fn call_py(f: &PyAny, n: usize) -> PyResult<()> {
    for _ in 0..n {
        f.call0()?;
    }
    Ok(())
}
#[pymodule]
fn peer_pyo3(_py: Python, m: &PyModule) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(noop, m)?)?;
    m.add_function(wrap_pyfunction!(noop_nogil, m)?)?;
    m.add_function(wrap_pyfunction!(add1, m)?)?;
    m.add_function(wrap_pyfunction!(echo, m)?)?;
    m.add_function(wrap_pyfunction!(list_rt, m)?)?;
    m.add_function(wrap_pyfunction!(dict_rt, m)?)?;
    m.add_function(wrap_pyfunction!(json_rt, m)?)?;
    m.add_function(wrap_pyfunction!(boom, m)?)?;
    m.add_function(wrap_pyfunction!(kw, m)?)?;
    m.add_function(wrap_pyfunction!(buf_sum1, m)?)?;
    m.add_function(wrap_pyfunction!(call_py, m)?)?;
    m.add_class::<Obj>()
}
