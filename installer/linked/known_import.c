/*
 * What mod_wsgi calls when it calls PyImport_ImportModule: the linker puts
 * this function in its place (ld's --wrap). The release's own files stay as
 * they are.
 *
 * For each request mod_wsgi imports its own module "mod_wsgi" up to ten times,
 * and "io" once. Both were imported when the interpreter was made, before any
 * request. PyImport_Import (CPython's Python/import.c) calls __import__ all
 * the same, drops what that gives, and then answers with what is in
 * sys.modules, as this does at once.
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
#if PY_VERSION_HEX >= 0x03070000 /* PyImport_GetModule */
    if (strcmp(name, "mod_wsgi") == 0 || strcmp(name, "io") == 0) {
        PyObject *key = PyUnicode_FromString(name);
        PyObject *module;

        if (key == NULL)
            return NULL;
        module = PyImport_GetModule(key);
        Py_DECREF(key);
        if (module != NULL && PyModule_Check(module))
            return module;
        Py_XDECREF(module);
    }
#endif
    return __real_PyImport_ImportModule(name);
}
