/*
 * What a mod_wsgi module of macOS shows from the outside: macho_module.so is this file, linked for an Intel Mac by
 * clang's linker, with debug information, against a library installed as /opt/homebrew/lib/libpython3.12.dylib.
 */
#include <stdio.h>

struct module {
    int version, minor_version, module_index;
    const char *name;
    void *handle, *next;
    unsigned long magic;
};

__attribute__((visibility("default"))) struct module wsgi_module = {20120211, 142, -1, "mod_wsgi.c", 0, 0, 0x41503234UL};

extern int Py_Main(int);

const char *server(int full)
{
    static char text[64];
    snprintf(text, sizeof text, "mod_wsgi/%s", full ? "6.1.1" : "6");
    return text;
}

const char *language(void)
{
    static char text[64];
    snprintf(text, sizeof text, "Compiled for Python/%s", "3.12.4");
    return text;
}

int start(void) { return Py_Main(1); }
