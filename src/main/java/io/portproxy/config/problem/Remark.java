package io.portproxy.config.problem;

/**
 * What is worth a warning although the process can start.
 *
 * @param wrong whether it does not work as it is; a check fails then, but a start does not, as it may be the clock or a file
 *     that is wrong only now
 * @param text what it is, and what to do
 */
public record Remark(boolean wrong, String text) {}
