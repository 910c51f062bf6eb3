package io.portproxy.config.problem;

/**
 * A warning about the configuration. The process can start in spite of it.
 *
 * @param wrong whether the configuration does not work now. A check fails then, but a start does not, because the cause may be
 *     temporary, such as a wrong clock or file.
 * @param text what the matter is, and what to do
 */
public record Remark(boolean wrong, String text) {}
