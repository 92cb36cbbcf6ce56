nav-tasks = 任务
nav-channel = 网格工作群
nav-notices = 提醒

task-roster-address-differs = 核对花名册：住址不一致
task-roster-unregistered = 核对花名册：未登记
task-roster-left-employer = 核对花名册：已不在册
task-home-verification = 兜底核查
task-survey-error = 更正测查差错
task-data-check = 数据核查首次上门
task-data-check-desk = 数据核查研判
task-data-check-second-visit = 数据核查二次上门
task-order = 指令
task-transfer = 接收移交
task-correction = 办理更正、删除申请
task-declaration = 办理居民申报
task-open-case = 打开事项
error-task-ends-with-case = 这项任务随所属事项一起办结，请打开事项办理。
task-boundary-change = 边界调整后交接

task-outcome = 办理结果
task-outcome-registered = 已登记
task-outcome-changed = 已变更
task-outcome-moved = 已变更住址
task-outcome-cancelled = 已注销
task-outcome-confirmed = 核对无误
task-outcome-not-there = 未在此居住或工作
task-outcome-handed-over = 已移交
task-outcome-not-settled = 未能核实，转下一步
task-outcome-refused = 不予办理
task-outcome-overtaken = 已失效，无需办理

task-state = 状态
task-state-open = 待办
task-state-done = 已办结
task-state-dropped = 已失效

tasks-title = 任务
tasks-kind = 类别
tasks-all-kinds = 全部类别
tasks-mine = 只看归我办的
tasks-narrow = 筛选
tasks-tab-open = 待办
tasks-tab-late = 逾期
tasks-tab-closed = 已办结
tasks-none = 这里没有任务。
tasks-none-way = 回到首页
tasks-what = 事项
tasks-where = 地点
tasks-check = 核对内容
tasks-who = 承办
tasks-due = 时限

task-late = 已逾期
task-soon = 一天内到期
task-no-due = 无时限
task-history = 办理经过
task-open-home = 到门口打开这户
task-take = 由我承办
task-taken = 已由您承办。
task-choose = 请选择
task-close-title = 办结
task-close = 办结
task-closed-now = 任务已办结。
task-note-open = 显示待核对的内容
task-note-will-record = 显示会留下查阅记录。
task-note-recorded = 本次显示已留下查阅记录。
task-note-name = 姓名
task-note-doc_no = 证件号码
task-note-phone = 手机号码
task-note-address = 住址
task-note-employer = 单位
task-note-since = 起始日期
task-note-left = 离开日期

event-task-opened = 派发
event-task-assigned = 承办
event-task-closed = 办结
event-task-regridded = 随房屋划入其他网格
event-channel-posted = 发到工作群

channel-title = 网格工作群
channel-none = 工作群还没有消息。每天的工作小结会发到这里。
channel-post-day = 发送我今天的小结
channel-posted = 已发到 { $n } 个网格的工作群。
channel-nothing-today = 今天还没有可以汇总的工作。
channel-day = { $day } 走访 { $visited } 户，新登记 { $registered } 人，变更 { $changed } 人，注销 { $cancelled } 人，办结任务 { $tasks } 件。

notices-title = 提醒
notices-none = 没有提醒。
notices-go = 去办理

job-daily-report = 每日工作小结
duty-tasks = 本月到期的任务

error-task-subject = 这类任务（{ $kind }）不能建在这种记录（{ $subject }）上。
error-task-closed = 任务已经办结。
error-task-outcome = 请选择这类任务的办理结果。
error-task-assignee = 只能交给今天在这个网格任职的人。
notice-overdue-doubt = { $grid }有 { $n } 条住址核实超期未办，请督促办理。
notice-overdue-transfer = { $grid }有 { $n } 件移交超期未答复，请督促办理。
notice-overdue-outward = { $grid }有 { $n } 件移交给其他辖区的，对方超期未答复，请督促联系。
notice-overdue-inward = { $grid }有 { $n } 件其他辖区转入超期未答复，请督促办理。
job-work-escalate = 上报超期的核实和移交
