package io.portproxy.manage;

/**
 * The result of a change to one thing.
 *
 * @param result what was changed, or would be changed
 * @param now the thing right after this change, before any later change
 */
public record Edited<T>(ChangeResult result, T now) {}
