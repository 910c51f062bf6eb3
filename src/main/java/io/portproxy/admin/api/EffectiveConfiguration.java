package io.portproxy.admin.api;

import java.util.Map;

/**
 * The configuration in effect, for {@code GET config}.
 *
 * @param portproxy every key below {@code portproxy} that has a value; it contains no secrets
 */
public record EffectiveConfiguration(Map<String, Object> portproxy) {}
