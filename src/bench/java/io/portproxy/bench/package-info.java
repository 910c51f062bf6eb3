/**
 * The comparison suite. It starts PortProxy and the programs with which it is compared on loopback, runs the same loads on each in turn,
 * and prints medians and ratios. It uses only the JDK and the measured programs. {@code src/bench/compare} starts it.
 * {@code src/docs/performance.md} describes the method.
 */
package io.portproxy.bench;
