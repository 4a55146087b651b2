package installer

import (
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
)

func explainFailure(failure *toolError, apache *detect.Apache, python *detect.Python) error {
	return fmt.Errorf("%w\n%s", failure, failure.Output)
}
