package io.portproxy.usage;

import java.util.Optional;

/**
 * The state of the storage of usage.
 *
 * @param waiting rows that wait to be stored
 * @param lost rows that were dropped because too many were waiting
 * @param failures how often rows could not be stored
 * @param ports ports and hosts that have rows of their own in this month
 * @param maxPorts the largest number of these
 * @param trouble why usage cannot be stored now; empty if it can be stored
 */
public record UsageView(int waiting, long lost, long failures, int ports, int maxPorts, Optional<String> trouble) {}
