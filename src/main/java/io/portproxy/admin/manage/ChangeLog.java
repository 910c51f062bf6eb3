package io.portproxy.admin.manage;

import io.portproxy.admin.security.AuditLog;
import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import jakarta.servlet.http.HttpServletRequest;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Writes what was changed into the audit log: who, what, before and after. There is no secret in it. */
@Component
final class ChangeLog {
    /** One line for each remote. */
    void changed(HttpServletRequest request, ChangeResult result) {
        for (ChangeResult.Step step : result.steps()) {
            String before = step.before().map(ChangeLog::text).orElse("nothing");
            String after = step.after().map(ChangeLog::text).orElse("nothing");
            AuditLog.did(request, "remote " + step.remote() + " was " + before + ", is " + after);
        }
    }

    private static String text(StoredRemote remote) {
        String ports = remote.definition().ports().stream().map(ChangeLog::text).collect(Collectors.joining("; "));
        String tokens = remote.tokens().stream().map(RemoteToken::id).collect(Collectors.joining(" "));
        return "{" + (remote.definition().enabled() ? "enabled" : "disabled")
                + (remote.definition().anonymous() ? ", anonymous" : "")
                + ", ports [" + ports + "], tokens [" + tokens + "]}";
    }

    private static String text(PortDefinition port) {
        return port.name() + ": " + port.type() + " " + port.bind() + " to " + port.remote()
                + (port.enabled() ? "" : " (disabled)");
    }
}
