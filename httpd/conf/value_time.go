package conf

import (
	"slices"
	"strconv"
	"strings"
)

// checkReadTimeout is set_reqtimeouts of mod_reqtimeout.
func checkReadTimeout(_ *reader, d *Directive) string {
	for _, word := range d.Words() {
		stage, value, ok := strings.Cut(word, "=")
		if !ok {
			return "Invalid RequestReadTimeout parameter. Parameter must be in the form 'key=value'"
		}
		if message := checkStage(stage, value); message != "" {
			return "RequestReadTimeout: " + word + ": " + message
		}
	}
	return ""
}

// checkStage checks the seconds of one stage, which grow up to a most by a rate.
func checkStage(stage, value string) string {
	if !containsFold([]string{"handshake", "header", "body"}, stage) {
		return "Unknown RequestReadTimeout parameter"
	}
	const minRate = ",minrate="
	first, most := value, ""
	if i := strings.Index(strings.ToLower(value), minRate); i >= 0 {
		rate, message := wholeNumber(value[i+len(minRate):])
		switch {
		case message != "":
			return message
		case rate == 0:
			return "Minimum data rate must be larger than 0"
		}
		first, most, _ = strings.Cut(value[:i], "-")
		if len(first) < i && most == "" {
			return "Value '' not numerical"
		}
	} else if strings.Contains(value, "-") {
		return "Must set MinRate option if using timeout range"
	}
	return checkRange(first, most)
}

func checkRange(first, most string) string {
	upTo, message := 0, ""
	if most != "" {
		if upTo, message = wholeNumber(most); message != "" {
			return message
		}
	}
	from, message := wholeNumber(first)
	if message == "" && upTo > 0 && from >= upTo {
		return "Maximum timeout must be larger than initial timeout"
	}
	return message
}

// wholeNumber is what strtol takes as a whole, and is not negative.
func wholeNumber(text string) (int, string) {
	number, err := strconv.Atoi(trimLeft(text))
	switch {
	case err != nil:
		return 0, "Cannot parse '" + text + "'"
	case number < 0:
		return 0, "Value must be non-negative"
	}
	return number, ""
}

// checkExpires is check_code of mod_expires, whose times are the argument i.
func checkExpires(i int) func(*reader, *Directive) string {
	return func(_ *reader, d *Directive) string {
		if message := checkExpiry(d.Word(i)); message != "" {
			return d.Name + ": bad expires code, " + message
		}
		return ""
	}
}

// expiryUnits are the letters that the units of times begin with: years, months,
// weeks, days, hours, minutes and seconds.
var expiryUnits = []string{"y", "mo", "w", "d", "h", "mi", "s"}

// checkExpiry checks a code such as A3600, or words such as "access plus 1 month".
func checkExpiry(code string) string {
	if strings.HasPrefix(code, "A") || strings.HasPrefix(code, "M") {
		return ""
	}
	base, rest := Word(code)
	if !beginsWith(base, "n", "a", "m") {
		return "unrecognised <base> '" + base + "'"
	}
	word, rest := Word(rest)
	if beginsWith(word, "p") {
		word, rest = Word(rest)
	}
	for word != "" {
		if word[0] < '0' || word[0] > '9' {
			return "numeric value expected <num> '" + word + "'"
		}
		var unit string
		unit, rest = Word(rest)
		switch {
		case unit == "":
			return "missing <type>"
		case !beginsWith(unit, expiryUnits...):
			return "unrecognised <type>'" + unit + "'"
		}
		word, rest = Word(rest)
	}
	return ""
}

func beginsWith(word string, beginnings ...string) bool {
	return slices.ContainsFunc(beginnings, func(beginning string) bool { return hasPrefixFold(word, beginning) })
}
