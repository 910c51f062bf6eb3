/**
 * The comparison suite: starts PortProxy and what it is compared with on loopback, puts the same loads on each in turn, and
 * prints medians and ratios. Uses the JDK and the programs measured, nothing else. Started by {@code src/bench/compare};
 * the method is described in {@code src/docs/performance.md}.
 */
package io.portproxy.bench;
