package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.core.env.Environment;

/** Checks the folder for temporary files. The web server of the admin API needs it as soon as it starts. */
final class TemporaryFolder {
    private static final String PROPERTY = "java.io.tmpdir";
    private static final String INSTEAD = "server.tomcat.basedir";

    private TemporaryFolder() {}

    /** Adds a problem if there is no such folder, or if the process cannot write to it. */
    static void check(Environment environment, Problems problems) {
        String folder = environment.getProperty(PROPERTY, "");
        if (folder.isEmpty()
                || environment.containsProperty(INSTEAD)
                || "none".equalsIgnoreCase(environment.getProperty("spring.main.web-application-type"))) {
            return;
        }
        String reason = reason(folder);
        if (!reason.isEmpty()) {
            problems.add(
                    Place.property(PROPERTY),
                    folder,
                    reason,
                    "start Java with -Djava.io.tmpdir=FOLDER, a folder that this user may write to"
                            + " (in a container: mount one at /tmp), or set " + INSTEAD + " to such a folder");
        }
    }

    private static String reason(String folder) {
        try {
            Path path = Path.of(folder);
            if (!Files.isDirectory(path)) {
                return "is not a folder, and the web server of the admin API needs one for temporary files";
            }
            return Files.isWritable(path)
                    ? ""
                    : "cannot be written to, and the web server of the admin API makes temporary files there";
        } catch (InvalidPathException e) {
            return "is not the name of a folder";
        }
    }
}
