package system

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A History is what wsgictl remembers of one Apache, in a store: the generations,
// the content of every file in them, and what was made for a change beside files.
type History struct{ *store.Store }

// OpenHistory opens the history in a folder, which need not be there. Release is
// that of wsgictl. Each step of a change is told to report before it is done; nil
// is fine.
func OpenHistory(dir, release string, report func(string)) (History, error) {
	opened, err := store.Open(dir, store.Options{Trusted: trust.RootAndCaller(), Release: release, Report: report})
	return History{opened}, err
}

// Lock is the store's, and removes the copies of commands that were killed.
func (h History) Lock(ctx context.Context, waiting func(holder string)) (unlock func(), err error) {
	unlock, err = h.Store.Lock(ctx, waiting)
	if err == nil {
		h.clearStages()
	}
	return unlock, err
}

const generationsName = "generations"

// Generations are all that are remembered, oldest first.
func (h History) Generations() ([]Generation, error) {
	names, err := h.Records(generationsName)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	var all []Generation
	for _, file := range names {
		name, isGeneration := strings.CutSuffix(file, ".json")
		if _, err := strconv.Atoi(name); err != nil || !isGeneration {
			continue
		}
		var g Generation
		if err := h.ReadRecord(recordOf(name), &g); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b Generation) int { return a.Number - b.Number })
	return all, nil
}

func recordOf(number string) string { return generationsName + "/" + number + ".json" }

// Current is the generation in force. Before the first one it is number 0, in
// which nothing is managed.
func (h History) Current() (Generation, error) {
	all, err := h.Generations()
	if err != nil || len(all) == 0 {
		return Generation{}, err
	}
	return all[len(all)-1], nil
}

// Carry makes changes as one transaction, after which a generation is in force; see
// [store.Store.Carry]. The content of its files is kept for a rollback.
func (h History) Carry(changes []store.Change, next Generation, verify, reload func() error) error {
	t := store.Transaction{What: next.Command, Changes: changes, Keep: next.files(), Record: recordOf(strconv.Itoa(next.Number)), Value: next}
	err := h.Store.Carry(t, verify, reload)
	_ = h.prune() // what stays the next one prunes
	return err
}

// Recover is the store's, and forgets what the interrupted change alone needed.
func (h History) Recover(undone func() error) (string, error) {
	done, err := h.Store.Recover(undone)
	if err == nil && done != "" {
		_ = h.prune() // what stays the next one prunes
	}
	return done, err
}

// prune forgets the content that no generation has any more, and no change under way.
func (h History) prune() error {
	all, err := h.Generations()
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, g := range all {
		for _, file := range g.files() {
			needed[file.Digest] = true
		}
	}
	return h.Prune(needed)
}

// files are those whose content a rollback or a next apply needs.
func (g Generation) files() []store.PathState {
	var all []store.PathState
	for _, managed := range g.Managed {
		all = append(all, managed.PathState, managed.Original)
		if managed.Patch != nil {
			all = append(all, managed.Patch.Base)
		}
	}
	return all
}
