package wsgi

// ScriptName is the SCRIPT_NAME of the request that found the application.
func (a *Application) ScriptName() string { return a.asked.script }
