package installer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
)

// record is the text of RECORD: each file's name, digest and size; RECORD
// itself has a name only.
func record(files []wheelFile, distInfo string) []byte {
	lines := [][]string{}
	for _, file := range files {
		lines = append(lines, []string{file.name, recordDigest(file.data), strconv.Itoa(len(file.data))})
	}
	lines = append(lines, []string{distInfo + "/RECORD", "", ""})
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(lines); err != nil {
		panic(err) // memory takes everything
	}
	return text.Bytes()
}

func recordDigest(data []byte) string {
	digest := sha256.Sum256(data)
	return "sha256=" + base64.RawURLEncoding.EncodeToString(digest[:])
}

// checkRecord holds files against the RECORD among them.
func checkRecord(files []wheelFile, distInfo string) error {
	digests, err := readRecord(files, distInfo)
	if err != nil {
		return err
	}
	for _, file := range files {
		if digest, ok := digests[file.name]; !ok || digest != "" && digest != recordDigest(file.data) {
			return fmt.Errorf("%s is not what RECORD says", file.name)
		}
	}
	if len(digests) != len(files) {
		return errors.New("RECORD names files that are not there")
	}
	return nil
}

func readRecord(files []wheelFile, distInfo string) (map[string]string, error) {
	for _, file := range files {
		if file.name != distInfo+"/RECORD" {
			continue
		}
		lines, err := csv.NewReader(bytes.NewReader(file.data)).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("RECORD: %w", err)
		}
		digests := map[string]string{}
		for _, line := range lines {
			if len(line) != 3 {
				return nil, errors.New("RECORD: a line that has not three fields")
			}
			digests[line[0]] = line[1]
		}
		return digests, nil
	}
	return nil, errors.New("no RECORD")
}
