package io.portproxy.usage;

import java.util.Optional;

/**
 * How the keeping of usage does.
 *
 * @param waiting rows that wait to be kept
 * @param lost rows that were dropped, as too many waited
 * @param failures how often rows could not be kept
 * @param ports ports and hosts that have numbers of their own in this month
 * @param maxPorts how many there may be
 * @param trouble why nothing is kept just now; empty when it is
 */
public record UsageView(int waiting, long lost, long failures, int ports, int maxPorts, Optional<String> trouble) {}
