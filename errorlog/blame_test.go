package errorlog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// happenings are lines of a log that bear on why processes were gone, as bytes
// that a fuzzer can vary: of three, the seconds since the last line, the
// message, and the group.
func happenings(recipe []byte) (all []happening) {
	ids := append([]string{"WSGI0146", "WSGI0119"}, ends...)
	at := time.Date(2026, 11, 25, 18, 31, 0, 0, time.UTC)
	for ; len(recipe) >= 3; recipe = recipe[3:] {
		at = at.Add(time.Duration(recipe[0]%12) * time.Second)
		group := []string{"", "shop", "blog"}[recipe[2]%3]
		all = append(all, happening{ids[int(recipe[1])%len(ids)], group, at})
	}
	return all
}

type happening struct {
	id, group string
	at        time.Time
}

// comparingAll is what a blame has to find, by comparing each loss with each end.
func comparingAll(all []happening) causes {
	found := causes{}
	seconds := map[int64]causes{} // of losses
	for _, loss := range all {
		if loss.id != "WSGI0146" && loss.id != "WSGI0119" {
			continue
		}
		at := loss.at.Unix()
		if seconds[at] == nil {
			seconds[at] = causes{}
		}
		seconds[at].add(loss.id, likeliest(loss, all), 1)
	}
	crashes := slices.DeleteFunc(slices.Clone(all), func(h happening) bool { return !isCrash(h.id) })
	slices.SortFunc(crashes, func(a, b happening) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.id, b.id)) })
	for _, at := range slices.Sorted(maps.Keys(seconds)) {
		crash, asked := "", false
		for lost, ends := range seconds[at] {
			for end, times := range ends {
				if isLessLikelyThanACrash(end) && !asked {
					crash, crashes = takeCrash(at, crashes, seconds)
					asked = true
				}
				if isLessLikelyThanACrash(end) {
					end = cmp.Or(crash, end)
				}
				if end != "" {
					found.add(lost, end, times)
				}
			}
		}
	}
	return found
}

func isLessLikelyThanACrash(end string) bool {
	return end == "" || slices.Index(ends, end) > firstCrash
}

// takeCrash gives a crash that is near a second and is not needed for losses
// that are nearer to it, and the crashes without it.
func takeCrash(at int64, crashes []happening, seconds map[int64]causes) (crash string, rest []happening) {
	for until := at - crashBefore; until <= at+endAfter; until++ {
		near := slices.IndexFunc(crashes, func(h happening) bool { return h.at.Unix() >= at-crashBefore })
		free, nearer := 0, 0
		for _, h := range crashes {
			if h.at.Unix() >= at-crashBefore && h.at.Unix() <= until {
				free++
			}
		}
		for other := range seconds {
			if other > at && other <= until {
				nearer++
			}
		}
		if nearer < free {
			crash = crashes[near].id
			return crash, slices.Delete(crashes, near, near+1)
		}
	}
	return "", crashes
}

func isCrash(id string) bool { return id == "AH00051" || id == "AH00052" }

// likeliest is the likeliest end, but for crashes, that stands near a loss.
func likeliest(loss happening, all []happening) string {
	for _, id := range ends {
		for _, end := range all {
			apart := loss.at.Sub(end.at)
			same := end.group == "" || loss.group == "" || end.group == loss.group
			if end.id == id && !isCrash(id) && same && apart <= endBefore*time.Second && apart >= -endAfter*time.Second {
				return id
			}
		}
	}
	return ""
}

func FuzzBlameFindsWhatComparingAllFinds(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 10, 0})                             // a crash a second later
	f.Add([]byte{0, 2, 1, 7, 0, 1, 0, 2, 2})                     // a timer seven seconds before
	f.Add([]byte{0, 2, 1, 8, 0, 1})                              // and eight
	f.Add([]byte{0, 12, 1, 5, 2, 2, 0, 0, 1})                    // two ends of two groups
	f.Add([]byte{0, 0, 0, 11, 1, 1, 11, 4, 2, 9})                // long silences
	f.Add([]byte{0, 0, 1, 2, 0, 1, 0, 10, 0})                    // one crash for the losses of two seconds
	f.Add([]byte{0, 0, 1, 1, 10, 0, 1, 0, 1, 0, 9, 0, 1, 12, 0}) // two crashes, and what is less likely
	f.Fuzz(func(t *testing.T, recipe []byte) {
		all := happenings(recipe)
		var b blame
		for _, h := range all {
			b.see(h.id, fmt.Appendf(nil, "of process '%s'", h.group), h.at)
		}
		if diff := gocmp.Diff(comparingAll(all), b.all()); diff != "" {
			t.Errorf("comparing all (-) and by the second (+):\n%s", diff)
		}
	})
}

func TestBlameOfLinesThatCameLate(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return time.Date(2026, 11, 25, 18, 31, seconds, 0, time.UTC) }
	var b blame
	b.see("AH00052", nil, at(10))
	b.see("request-timeout", []byte("process 'blog'"), at(16))
	b.see("AH00051", nil, at(13))
	b.see("WSGI0146", []byte("process 'shop'"), at(9)) // behind by more than is waited for
	b.see("WSGI0146", []byte("process 'shop'"), at(12))
	b.see("WSGI0146", []byte("process 'shop'"), at(9))
	if diff := gocmp.Diff(causes{"WSGI0146": {"AH00051": 1, "AH00052": 2}}, b.all()); diff != "" {
		t.Error(diff)
	}
}

func TestBlameStartsAnewWithAnEarlierLog(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 25, 18, minute, 0, 0, time.UTC) }
	var b blame
	for _, minute := range []int{30, 10, 50} {
		b.see("WSGI0146", nil, at(minute))
		b.see("AH00052", nil, at(minute).Add(time.Second))
	}
	if diff := gocmp.Diff(causes{"WSGI0146": {"AH00052": 3}}, b.all()); diff != "" {
		t.Error(diff)
	}
}

func TestBlameRemembersABoundedNumberOfNames(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 18, 31, 0, 0, time.UTC)
	var b blame
	for i := range 100 * mostNames {
		b.see("deadlock-timeout", fmt.Appendf(nil, "process '%d'", i), at)
		b.see("WSGI0146", fmt.Appendf(nil, "process '%d'", i), at)
	}
	for _, s := range b.seconds {
		if len(s.ends) > mostNames || len(s.losses) > mostNames {
			t.Errorf("%d groups and %d losses in a second", len(s.ends), len(s.losses))
		}
	}
	if got := b.all()["WSGI0146"]["deadlock-timeout"]; got < mostNames {
		t.Errorf("%d losses have a cause", got)
	}
}
