package io.portproxy.manage;

/**
 * What a change of one thing has come to.
 *
 * @param result what was changed, or would be
 * @param now what the thing is then, as nobody else can have changed it yet
 */
public record Edited<T>(ChangeResult result, T now) {}
