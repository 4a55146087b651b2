package history

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"
)

// Series is what a group was like between two times.
type Series struct {
	From, To time.Time
	Step     time.Duration
	Points   []Sample // those for which there is something, in their order; each with what is in its step
}

// MaxPoints is how many points a series has at most.
const MaxPoints = 2000

// Read gives what is kept of a group, in at most so many points.
func (s *Store) Read(group string, from, to time.Time, points int) (Series, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.flush() // of what cannot be written Add tells
	k, step := resolution(from, to, min(max(points, 1), MaxPoints))
	series := Series{From: from, To: to, Step: step, Points: []Sample{}}
	steps := make(map[int64]*merged)
	take := func(sample Sample) {
		if sample.At.Before(from) || sample.At.After(to) {
			return
		}
		n := int64(sample.At.Sub(from) / step)
		if steps[n] == nil {
			steps[n] = &merged{}
		}
		steps[n].add(sample)
	}
	if err := s.readBetween(k, group, from, to, take); err != nil {
		return Series{}, err
	}
	if current := s.merged[group]; k == minutes && current != nil {
		take(current.sample(s.minute))
	}
	for n := range int64(to.Sub(from)/step) + 1 {
		if m := steps[n]; m != nil {
			series.Points = append(series.Points, m.sample(from.Add(time.Duration(n)*step)))
		}
	}
	return series, nil
}

// resolution is what is read for so many points, and how far these are apart.
func resolution(from, to time.Time, points int) (kind, time.Duration) {
	step := max(to.Sub(from)/time.Duration(points), time.Second).Truncate(time.Second)
	if step*time.Duration(points) < to.Sub(from) {
		step += time.Second
	}
	if step >= time.Minute || time.Since(from) > seconds.kept+time.Minute {
		return minutes, max(step, time.Minute)
	}
	return seconds, step
}

// readBetween reads the files that have something between two times.
func (s *Store) readBetween(k kind, group string, from, to time.Time, take func(Sample)) error {
	oldest := time.Now().Add(-k.kept - k.span)
	if from.Before(oldest) {
		from = oldest
	}
	for at := from; at.Before(to.Add(k.span)); at = at.Add(k.span) {
		path := filepath.Join(s.folder, k.fileOf(at))
		_, err := readBlocks(path, s.tellAndForget(k, path), func(block []byte) error { return readBlock(block, group, take) })
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// tellAndForget tells that a file was put aside, which is written no more then.
func (s *Store) tellAndForget(k kind, path string) func(string) {
	return func(text string) {
		if file := s.files[k.name]; file != nil && file.Name() == path {
			file.Close()
			delete(s.files, k.name)
		}
		s.tell(text)
	}
}
