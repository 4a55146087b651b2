package system

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// A pebble is an authority on loopback that gives certificates by ACME, and asks for
// proof at the port of an instance. Names are addresses of 127.0.0.1 to it.
type pebble struct {
	t                testing.TB
	folder           string
	port, management int
	dns              string
	command          *exec.Cmd
}

// newPebble makes an authority for an instance, which trusts it. It refuses
// certificates for refused.example.org.
func newPebble(i *instance, httpsPort int) *pebble {
	i.t.Helper()
	p := &pebble{t: i.t, folder: filepath.Join(i.root, "pebble"), port: httpdtest.FreePort(i.t), management: httpdtest.FreePort(i.t), dns: everyNameIsHere(i.t)}
	if err := os.MkdirAll(p.folder, 0o755); err != nil {
		i.t.Fatal(err)
	}
	makeCertificate(i.t, p.folder, "pebble")
	if err := os.Chmod(filepath.Join(p.folder, "pebble.crt"), 0o644); err != nil { // mod_md reads it as Apache's User
		i.t.Fatal(err)
	}
	at := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": at(p.port), "managementListenAddress": at(p.management),
		"certificate": filepath.Join(p.folder, "pebble.crt"), "privateKey": filepath.Join(p.folder, "pebble.key"),
		"httpPort": i.port, "tlsPort": httpsPort, "domainBlocklist": []string{"refused.example.org"},
		"retryAfter": map[string]int{"authz": 1, "order": 1}, "keyAlgorithm": "ecdsa",
		"profiles": map[string]any{"default": map[string]any{"description": "90 days", "validityPeriod": 7776000}},
	}})
	if err != nil {
		i.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder, "pebble.json"), config, 0o600); err != nil {
		i.t.Fatal(err)
	}
	i.write("conf-enabled/authority.conf", fmt.Sprintf("<IfModule md_module>\nMDCACertificateFile %s/pebble.crt\nMDPortMap 80:%d 443:%d\n</IfModule>\n", p.folder, i.port, httpsPort))
	return p
}

func (p *pebble) directory() string { return fmt.Sprintf("https://localhost:%d/dir", p.port) }

func (p *pebble) start() {
	p.t.Helper()
	p.command = exec.Command(httpdtest.Pebble(p.t), "-config", filepath.Join(p.folder, "pebble.json"), "-dnsserver", p.dns)
	p.command.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	var said bytes.Buffer
	p.command.Stdout, p.command.Stderr = &said, &said
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		p.stop()
		if p.t.Failed() {
			p.t.Logf("pebble said:\n%s", &said)
		}
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
		if err == nil {
			connection.Close()
			return
		}
		if time.Now().After(end) {
			p.t.Fatal(err)
		}
	}
}

func (p *pebble) stop() {
	if p.command != nil {
		p.command.Process.Kill()
		p.command.Wait()
		p.command = nil
	}
}

// roots are the certificates by which clients know this run of the authority.
func (p *pebble) roots() *x509.CertPool {
	p.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Get(fmt.Sprintf("https://127.0.0.1:%d/roots/0", p.management))
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		p.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return pool
}

// everyNameIsHere is the address of a DNS server, for TCP, by which all names are those
// of 127.0.0.1.
func everyNameIsHere(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				for answerHere(connection) == nil {
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// answerHere answers one question.
func answerHere(connection net.Conn) error {
	var size uint16
	if err := binary.Read(connection, binary.BigEndian, &size); err != nil {
		return err
	}
	packet := make([]byte, size)
	if _, err := io.ReadFull(connection, packet); err != nil {
		return err
	}
	var message dnsmessage.Message
	if err := message.Unpack(packet); err != nil {
		return err
	}
	message.Response, message.Additionals = true, nil
	for _, question := range message.Questions {
		if question.Type == dnsmessage.TypeA {
			header := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class, TTL: 1}
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}})
		}
	}
	packed, err := message.Pack()
	if err != nil {
		return err
	}
	_, err = connection.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...))
	return err
}
