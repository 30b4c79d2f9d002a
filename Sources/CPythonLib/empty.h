// Links libpython into whoever depends on this module; declares nothing.
