package io.portproxy.admin.manage;

import io.portproxy.admin.security.AuditLog;
import io.portproxy.manage.ChangeResult;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes changes of gateways and remotes into the audit log: who made the change, and what was added, changed and removed. A line has only the
 * settings that differ, and no secret.
 */
public final class ChangeLog {
    private ChangeLog() {}

    /** Writes what a request has changed: one line for each gateway and remote. */
    static void changed(HttpServletRequest request, ChangeResult result) {
        lines(result).forEach(line -> AuditLog.did(request, line));
    }

    /** Writes what changed files have changed: one line for each gateway and remote. */
    public static void changedByFiles(ChangeResult result) {
        lines(result).forEach(AuditLog::fileDid);
    }

    /** Writes a change that the store has saved although its request was answered with an error. */
    public static void changedLate(ChangeResult result) {
        lines(result).forEach(AuditLog::storeDid);
    }

    private static List<String> lines(ChangeResult result) {
        return Stream.concat(
                        result.gateways().stream().map(ChangeLog::text),
                        result.steps().stream().map(ChangeLog::text))
                .toList();
    }

    private static String text(ChangeResult.GatewayStep step) {
        return "gateway " + step.gateway() + " "
                + text(
                        step.before().map(DefinitionText::of),
                        step.after().map(DefinitionText::of),
                        "was changed because of another change");
    }

    private static String text(ChangeResult.Step step) {
        return "remote " + step.remote() + " "
                + text(
                        step.before().map(DefinitionText::of),
                        step.after().map(DefinitionText::of),
                        step.before().equals(step.after())
                                ? "has other tokens, or other settings that files alone have"
                                : "has other passwords, values of header fields or details");
    }

    /** @param unseen the text if no setting of the log differs */
    private static String text(
            Optional<Map<String, String>> before, Optional<Map<String, String>> after, String unseen) {
        if (before.isEmpty()) {
            return "was added: " + all(after.orElseThrow());
        } else if (after.isEmpty()) {
            return "was removed: " + all(before.get());
        }
        List<String> differences = differences(before.get(), after.get());
        return differences.isEmpty() ? unseen : "was changed: " + String.join("; ", differences);
    }

    private static String all(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining("; "));
    }

    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.get(name);
            String is = after.get(name);
            if (was == null) {
                differences.add(name + " added: " + is);
            } else if (is == null) {
                differences.add(name + " removed: " + was);
            } else if (!is.equals(was)) {
                differences.add(name + ": " + is + ", was " + was);
            }
        }
        return differences;
    }
}
