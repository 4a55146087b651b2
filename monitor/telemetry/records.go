package telemetry

// The records of mod_wsgi 6, each field by the number that it has in a datagram
// (WSGI_METRICS_F_* of wsgi_telemetry.h). A field that was not sent is zero, or nil
// where zero would be a value. Times are seconds, sizes bytes. Text is what the
// process sent: that of requests comes from clients, and may hold anything.

// newBody is the record for a kind of datagram (WSGI_METRICS_KIND_*); nil for those
// that no release sends.
func newBody(kind byte) any {
	switch kind {
	case 2:
		return new(Requests)
	case 4:
		return new(SlowRequest)
	case 5:
		return new(Started)
	case 6:
		return new(Stopping)
	case 7:
		return new(Stopped)
	case 8:
		return new(Garbage)
	case 9:
		return new(Collection)
	}
	return nil
}

// Software is what a process runs on.
type Software struct {
	ModWSGI        string  `id:"1"`
	Python         string  `id:"2"`
	Apache         string  `id:"3"`
	MPM            string  `id:"4"`
	Parent         uint64  `id:"7"`  // process of Apache
	SwitchInterval float64 `id:"13"` // sys.getswitchinterval()
}

// Place is where a process runs.
type Place struct {
	Host  string `id:"5"`
	Group string `id:"6"` // daemon process group; "" in embedded mode
}

// Started is sent when a process begins to report.
type Started struct {
	Software
	Place
}

// Requests is what a process did since it last reported.
type Requests struct {
	Software
	Place
	Period        float64 `id:"10"` // really gone since the last one
	Interval      float64 `id:"11"` // as configured
	SlowThreshold float64 `id:"12"` // WSGISlowRequests; 0 is off

	Count      uint64  `id:"20"` // requests that were completed
	Throughput float64 `id:"21"` // of them in a second
	Capacity   float64 `id:"22"` // part of the threads' time in which they were busy

	CPUUser   float64 `id:"30"` // 1 is a whole core
	CPUSystem float64 `id:"31"`
	CPU       float64 `id:"32"` // both

	RSS    uint64 `id:"40"`
	MaxRSS uint64 `id:"41"` // can be less than RSS: it is read at another time

	MaxThreads     uint64 `id:"50"` // as configured
	StartedThreads uint64 `id:"51"` // can be more than MaxThreads
	ActiveThreads  uint64 `id:"52"` // with a request in this period

	// The first four follow each other and make up Total. The others overlap Application.
	Server      Phase `id:"60"` // until Apache's child handed the request over
	Queue       Phase `id:"61"` // until a daemon process took it
	Daemon      Phase `id:"62"` // until the application was called
	Application Phase `id:"63"`
	Total       Phase `id:"64"`
	GILWait     Phase `id:"65"`
	Input       Phase `id:"66"` // reading the body
	Output      Phase `id:"67"` // handing the response to Apache

	InputBytes   uint64 `id:"100"`
	InputReads   uint64 `id:"101"`
	OutputBytes  uint64 `id:"102"`
	OutputWrites uint64 `id:"103"`

	// Of each thread of the process, in order.
	ThreadCompleted []int32   `id:"110"`
	ThreadBusy      []float64 `id:"111"` // seconds of this period
	ThreadCPU       []float64 `id:"112"` // of requests that were completed
	ThreadElapsed   []float64 `id:"113"` // of the request at hand; 0 is idle
	ThreadLongest   []float64 `id:"114"` // of requests that were completed

	Status1xx uint64 `id:"120"`
	Status2xx uint64 `id:"121"`
	Status3xx uint64 `id:"122"`
	Status4xx uint64 `id:"123"`
	Status5xx uint64 `id:"124"` // and requests without any
}

// Phase is how long a part of the requests of a period took.
type Phase struct {
	Mean    float64  `id:"0"`
	Min     *float64 `id:"10"` // nil where no request had this phase
	Max     *float64 `id:"20"`
	Buckets []int32  `id:"30"` // how many took how long; see BucketStart
}

// Stopping is sent when a process decides to stop.
type Stopping struct {
	Place
	Reason string `id:"130"` // as in mod_wsgi's event process_stopping, such as "maximum_requests"
	Active uint64 `id:"133"` // requests that it still has
}

// Stopped is the last record of a process that could send one.
type Stopped struct {
	Place
	Reason  string  `id:"130"`
	Uptime  float64 `id:"131"`
	Served  uint64  `id:"132"`
	Active  uint64  `id:"134"` // requests that were cut off
	Drained uint64  `id:"135"` // 1 where none was
}

// SlowRequest is a request that takes longer than WSGISlowRequests: it is sent again
// with each report while it lasts, and once when it is completed.
type SlowRequest struct {
	Completed uint64  `id:"200"` // 1
	Start     float64 `id:"201"` // seconds since 1970
	Duration  float64 `id:"202"` // so far
	Thread    uint64  `id:"203"` // from 1
	LogID     string  `id:"204"` // Apache's %L
	ServerPID uint64  `id:"205"` // Apache's child that took the request

	Method     string `id:"210"`
	Scheme     string `id:"211"`
	Hostname   string `id:"212"`
	ScriptName string `id:"213"`
	PathInfo   string `id:"214"` // without a query string
	Protocol   string `id:"215"`
	Peer       string `id:"216"`
	UserAgent  string `id:"217"` // with WSGITelemetryOptions +CaptureUserAgent alone

	ServerTime      float64 `id:"220"`
	QueueTime       float64 `id:"221"`
	DaemonTime      float64 `id:"222"`
	ApplicationTime float64 `id:"223"`
	GILWaitTime     float64 `id:"224"`
	GILWaits        uint64  `id:"225"`

	InputBytes   uint64  `id:"230"`
	InputReads   uint64  `id:"231"`
	OutputBytes  uint64  `id:"232"`
	OutputWrites uint64  `id:"233"`
	InputTime    float64 `id:"234"`
	OutputTime   float64 `id:"235"`

	Status    uint64  `id:"240"` // 0 while it is not known
	CPUUser   float64 `id:"250"` // 0 until it is completed, as the next
	CPUSystem float64 `id:"251"`

	ActiveAtStart      uint64 `id:"260"` // requests of the process, with this one
	ActiveAtCompletion uint64 `id:"261"`
}

// Garbage is the state of the garbage collector of one interpreter; sums are those
// of its life.
type Garbage struct {
	Interpreter string `id:"8"` // "" for the main one
	Count0      uint64 `id:"300"`
	Count1      uint64 `id:"301"`
	Count2      uint64 `id:"302"`
	Threshold0  uint64 `id:"303"`
	Threshold1  uint64 `id:"304"`
	Threshold2  uint64 `id:"305"`

	Collections0   uint64 `id:"306"`
	Collections1   uint64 `id:"307"`
	Collections2   uint64 `id:"308"`
	Collected0     uint64 `id:"309"`
	Collected1     uint64 `id:"310"`
	Collected2     uint64 `id:"311"`
	Uncollectable0 uint64 `id:"312"`
	Uncollectable1 uint64 `id:"313"`
	Uncollectable2 uint64 `id:"314"`

	Enabled uint64 `id:"315"` // 1
	Frozen  uint64 `id:"316"` // objects
	Dropped uint64 `id:"317"` // Collections that were not sent
}

// Collection is one run of the garbage collector.
type Collection struct {
	Interpreter   string  `id:"8"`
	Start         float64 `id:"320"` // seconds since 1970
	Duration      float64 `id:"321"`
	Generation    uint64  `id:"322"`
	Collected     uint64  `id:"323"`
	Uncollectable uint64  `id:"324"`
}
