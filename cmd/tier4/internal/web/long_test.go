//go:build long

package web

import (
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// TestSlowClients: who sends a request drop by drop is sent away.
func TestSlowClients(t *testing.T) {
	s, _ := served(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Hosts = []string{l.Addr().String()}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go s.Serve(ctx, l)
	for _, begins := range []string{"GET / HTTP/1.1\r\nHost: ", "POST /save HTTP/1.1\r\nHost: " + l.Addr().String() + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nstate="} {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := io.WriteString(c, begins); err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(start.Add(2 * readTime))
		if _, err := io.ReadAll(c); err != nil {
			t.Errorf("after %v it still waits: %v", time.Since(start), err)
		}
		c.Close()
	}
}
