package system

import (
	"fmt"
	"strings"
)

// Unsettled says what keeps the files from being what is remembered of them: a
// change that is under way, or what an interrupted command left, with the command
// that finishes it. It is empty where nothing does.
func (h History) Unsettled() (string, error) {
	holder, err := h.Holder()
	if err != nil {
		return "", err
	}
	pending, err := h.Pending()
	if err != nil {
		return "", err
	}
	undos, err := h.Unfinished()
	switch {
	case err != nil:
		return "", err
	case pending == nil && (holder != "" || len(undos) == 0):
		return "", nil
	case holder != "":
		return fmt.Sprintf("%v is under way, and the lock is %s: look again when that is done", pending, holder), nil
	case pending == nil:
		var names []string
		for _, undo := range undos {
			names = append(names, undo.String())
		}
		return "an interrupted command made " + strings.Join(names, ", ") + ": the next wsgictl apply, rollback or remove takes that away first", nil
	case pending.Held():
		return fmt.Sprintf("%v was interrupted: the next wsgictl apply, rollback or remove finishes it first", pending), nil
	}
	return fmt.Sprintf("%v was interrupted: the next wsgictl apply, rollback or remove puts back first what was there before", pending), nil
}

// CheckSettled refuses to plan with files that are half changed.
func (h History) CheckSettled() error {
	unsettled, err := h.Unsettled()
	if err == nil && unsettled != "" {
		err = fmt.Errorf("no plan can be made of files that are half changed: %s", unsettled)
	}
	return err
}
