package conf

// Request is what the sections that apply to a request are found by. Those that
// depend on a part that is left empty are Unknown, not absent.
type Request struct {
	URI    string // the path, decoded, with "/" first
	File   string // the file or folder that the URI leads to, without PATH_INFO
	Folder bool   // File is a folder
}
