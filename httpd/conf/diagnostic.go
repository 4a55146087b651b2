package conf

// Severity says what a diagnostic means for the server.
type Severity uint8

const (
	// Notice: nothing is wrong, but the reader should know.
	Notice Severity = iota
	// Warning: httpd goes on, with a message in its log.
	Warning
	// Error: httpd refuses the configuration.
	Error
)

// String is the severity as reports write it.
func (s Severity) String() string {
	return [...]string{"notice", "warning", "error"}[s]
}

// Diagnostic is something about the text itself: what a user wrote wrong, or
// what could not be read. It is data, not an error: reading goes on after it.
type Diagnostic struct {
	Severity Severity
	Pos      Pos    // where it begins
	End      Pos    // the end of the bytes that it is about, on the same file
	Message  string // what is wrong, as httpd says it where httpd does
	Advice   string // what to do, where that is known
	Excerpt  string // the physical line of Pos, without its line end

	// HTTPDLine is the line that httpd names in its message: the last physical
	// line of a continued directive, and the line within the macro for what a
	// macro brought. 0 when httpd says nothing.
	HTTPDLine int
	// Source is where the text stands among includes and macros; nil for a
	// file read on its own.
	Source *Source
}

// String is the diagnostic on one line, without the excerpt.
func (d Diagnostic) String() string {
	return d.Pos.String() + ": " + d.Severity.String() + ": " + d.Message
}
