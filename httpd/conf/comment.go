package conf

// cutComment cuts arguments before the word that begins with "#", which people
// take for a comment; comment is empty where there is none.
func cutComment(args string) (before, comment string) {
	for rest := trimLeft(args); rest != ""; {
		if rest[0] == '#' {
			return trimRight(args[:len(args)-len(rest)]), rest
		}
		_, rest = Word(rest)
	}
	return args, ""
}

// commentFault is what is wrong where a comment alone makes httpd refuse a
// directive.
func commentFault(name, comment string) fault {
	return fault{
		"httpd knows no comment at the end of a line: it takes \"" + comment + "\" for arguments of " + name,
		"Write the comment on a line of its own.",
	}
}
