/*
 * What mod_wsgi calls when it calls PyImport_ImportModule: the linker puts
 * this function in its place (ld's --wrap). The release's own files stay as
 * they are.
 *
 * For each request mod_wsgi 6.1 imports its own module "mod_wsgi" eleven times
 * (4.9 five times), and "io" once. Both were imported when the interpreter was made, before any
 * request. PyImport_Import (CPython's Python/import.c) calls __import__ all
 * the same, drops what that gives, and then answers with what is in
 * sys.modules, as this does at once. (PyImport_GetModule would not do: it
 * looks for __spec__._initializing, which is not there, and up to Python 3.11
 * that makes and drops an AttributeError, at 3,700 instructions.)
 *
 * Other modules may still be on their way in, in another thread, and an import
 * waits until they are complete: those are imported.
 */
#include <Python.h>
#include <string.h>

PyObject *__real_PyImport_ImportModule(const char *name);

__attribute__((visibility("hidden")))
PyObject *__wrap_PyImport_ImportModule(const char *name)
{
    if (strcmp(name, "mod_wsgi") == 0 || strcmp(name, "io") == 0) {
        PyObject *module = NULL;

#if PY_VERSION_HEX >= 0x030d0000 /* where another thread may be changing the dict */
        if (PyDict_GetItemStringRef(PyImport_GetModuleDict(), name, &module) < 0)
            PyErr_Clear();
#else
        module = PyDict_GetItemString(PyImport_GetModuleDict(), name);
        Py_XINCREF(module);
#endif
        if (module != NULL && PyModule_Check(module))
            return module;
        Py_XDECREF(module);
    }
    return __real_PyImport_ImportModule(name);
}
