// Package jsonreport writes the reports that other programs read: as JSON,
// indented by two spaces, with <, > and & as they are.
//
// A report may hold one list that is too long to be built as a whole; its items
// are then written one by one:
//
//	envelope := report{Version: 1, Findings: []finding{}}
//	err := jsonreport.WriteList(os.Stdout, envelope, "findings", found)
package jsonreport
