package io.portproxy.admin.manage;

import io.portproxy.manage.FileReload;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The configuration's files. */
@RestController
@RequestMapping(path = "/api/v1/config/reload", produces = "application/json")
class ReloadController {
    private final FileReload files;

    ReloadController(FileReload files) {
        this.files = files;
    }

    /**
     * Reads the configuration's files again and applies them. If they are wrong, nothing is changed. The answer names
     * the changed properties that need a restart.
     */
    @PostMapping
    ReloadJson reloadConfig(HttpServletRequest request) {
        FileReload.Result result = files.reload();
        ChangeLog.changed(request, result.change());
        ChangeJson change = ChangeJson.of(result.change(), false);
        return new ReloadJson(change.added(), change.changed(), change.removed(), result.restart());
    }
}
