// Package top shows in a terminal what the monitor knows: daemon process groups, their
// processes, the requests that these have at hand, and where one of them is.
//
// A View becomes tables (tables.go), which are sorted, filtered and laid out as lines
// (table.go); Write prints them once, and Run shows one of them at a time, with keys
// to go down to a request and its stack (screen.go).
//
//	err := top.Write(os.Stdout, view, clean)
package top
