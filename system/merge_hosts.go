package system

import (
	"slices"
	"strings"
)

// A hostsText is a site's file, cut at its virtual hosts.
type hostsText struct {
	around []string // what stands before, between and after them
	hosts  []hostText
}

// A hostText is one virtual host.
type hostText struct {
	opens  string // its first line
	body   string // with its last line
	line   int    // of the body in the file, counted from 0
	serves bool   // it has the application; one that redirects to HTTPS has not
}

func cutHosts(text string) hostsText {
	cut := hostsText{around: []string{""}}
	inside, number := false, 0
	for line := range strings.Lines(text) {
		number++
		word := strings.TrimSpace(line)
		switch {
		case !inside && strings.HasPrefix(word, "<VirtualHost"):
			inside = true
			cut.hosts = append(cut.hosts, hostText{opens: line, line: number})
		case inside:
			host := &cut.hosts[len(cut.hosts)-1]
			host.body += line
			host.serves = host.serves || strings.HasPrefix(word, "WSGIScriptAlias")
			if word == "</VirtualHost>" {
				inside = false
				cut.around = append(cut.around, "")
			}
		default:
			cut.around[len(cut.around)-1] += line
		}
	}
	return cut
}

func (t hostsText) serving() []bool {
	var serving []bool
	for _, host := range t.hosts {
		serving = append(serving, host.serves)
	}
	return serving
}

// source is the virtual host that one of the text next continues: what it has by
// a person, that one is to have too. The application may have come to a virtual
// host that redirected before, or was not there; then it is the one that had it.
// It is -1 where there is none.
func (t hostsText) source(next hostsText, number int) int {
	there := number < len(t.hosts)
	if !next.hosts[number].serves || there && t.hosts[number].serves {
		if !there {
			return -1
		}
		return number
	}
	return slices.Index(t.serving(), true)
}

// mergeSite is mergeTexts for a site's file. A certificate, or the lack of one,
// changes which of its virtual hosts serve the application: then each that does gets
// what a person changed in the one that did, so that no rule of access stays behind
// where nothing is served any more.
func mergeSite(before, theirs, next string) (string, *misfit) {
	was, edited, now := cutHosts(before), cutHosts(theirs), cutHosts(next)
	if before == theirs || len(now.hosts) == 0 || slices.Equal(was.serving(), now.serving()) {
		return mergeTexts(before, theirs, next)
	}
	if !was.hasHostsOf(edited) || was.loses(edited, now) {
		return "", &misfit{1, linesOf(before), linesOf(theirs), linesOf(next)}
	}
	last := len(now.hosts)
	head, unfit := mergeTexts(was.around[0], edited.around[0], now.around[0])
	if unfit != nil {
		return "", unfit
	}
	var text strings.Builder
	text.WriteString(head)
	for number, host := range now.hosts {
		body, unfit := was.mergeHost(edited, now, number)
		if unfit != nil {
			return "", unfit
		}
		text.WriteString(host.opens + body)
		if number < last-1 {
			text.WriteString(now.around[number+1])
		}
	}
	tail, unfit := mergeTexts(was.around[len(was.hosts)], edited.around[len(was.hosts)], now.around[last])
	return text.String() + tail, unfit
}

// hasHostsOf tells whether a person's text has the same virtual hosts, with
// nothing else between them.
func (t hostsText) hasHostsOf(edited hostsText) bool {
	if len(t.hosts) == 0 || len(t.around) != len(edited.around) || len(t.around) != len(t.hosts)+1 {
		return false
	}
	for number, host := range t.hosts {
		if host.opens != edited.hosts[number].opens {
			return false
		}
	}
	last := len(t.hosts)
	return slices.Equal(t.around[1:last], edited.around[1:last])
}

// loses tells whether a virtual host that a person changed has none that continues it.
func (t hostsText) loses(edited, next hostsText) bool {
	kept := map[int]bool{}
	for number := range next.hosts {
		kept[t.source(next, number)] = true
	}
	for number, host := range t.hosts {
		if host.body != edited.hosts[number].body && !kept[number] {
			return true
		}
	}
	return false
}

// mergeHost is the body of one virtual host of the text next. Where it only
// redirects, what was about the application is left out, if another has it.
func (t hostsText) mergeHost(edited, next hostsText, number int) (string, *misfit) {
	host, source := next.hosts[number], t.source(next, number)
	if source < 0 {
		return host.body, nil
	}
	was, theirs := t.hosts[source], edited.hosts[source].body
	elsewhere := false
	for other := range next.hosts {
		elsewhere = elsewhere || next.hosts[other].serves && t.source(next, other) == source
	}
	if !host.serves && elsewhere {
		return mergeWhatFits(was.body, theirs, host.body), nil
	}
	body, unfit := mergeTexts(was.body, theirs, host.body)
	if unfit != nil {
		unfit.Line += was.line
	}
	return body, unfit
}
