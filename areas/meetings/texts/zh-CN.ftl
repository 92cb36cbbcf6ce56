nav-meetings = 会议
meetings-title = 会议
meetings-tab-coming = 待召开
meetings-tab-missed = 逾期未开
meetings-tab-held = 已召开
meetings-none = 近期没有会议。例会按法定工作日提前自动召集，召集人也可以在下面自行召集。
meetings-none-missed = 没有逾期未开的会议。
meetings-none-held = 还没有开过会。会后由召集人写下纪要，记录就会出现在这里。

meeting-kind-weekly = 周例会
meeting-kind-monthly = 月例会
meeting-kind-yearly = 年度例会
meeting-state-convened = 已召集
meeting-state-held = 已召开
meeting-missed = 逾期未开
meeting-missed-hint = 会议日期已过，还没有纪要。如已召开，请补记签到和纪要。
meeting-what = 会议
meeting-area = 范围
meeting-when = 时间
meeting-day = 日期
meeting-time = 时刻
meeting-state = 状态
meeting-convener = 召集人
meeting-came = 到会
meeting-invited-n = 应到 { $n } 人
meeting-moved-from = 原定 { $day }
meeting-choose = 请选择
meeting-year-unknown = { $year } 年的法定工作日安排尚未导入，暂按周一至周五推算。安排公布并导入后请核对日期。

meeting-convene-title = 自行召集
meeting-convene-hint = 例会由程序按法定工作日提前召集。没有召集到的，可以在这里补召集；每个周期只有一次。
meeting-convene = 召集会议
meeting-convened-now = 会议已召集，已提醒应到人员。

meeting-followups = 上次议定事项
meeting-followups-none = 此前没有未落实的议定事项。
meeting-agenda-now = 议程（按当前数据）
meeting-agenda-kept = 议程
meeting-decisions = 议定事项
meeting-decisions-none = 还没有议定事项。
meeting-words = 要做的事
meeting-words-hint = 写事，不写居民姓名和号码；200 字以内。
meeting-owner = 责任人
meeting-due-day = 完成日期
meeting-due = { $day } 前完成
meeting-decide = 加入议定事项
meeting-decided-now = 已加入。纪要写定后成为任务。
meeting-withdraw = 撤去
meeting-withdrawn-now = 已撤去。
meeting-minutes = 纪要
meeting-close-title = 写定纪要
meeting-summary = 会议纪要
meeting-summary-hint = 写工作，不写居民姓名和号码；2000 字以内。写定后不能再改，议定事项随即成为任务。
meeting-close = 写定纪要
meeting-held-now = { $n ->
    [0] 纪要已写定。
   *[other] 纪要已写定，{ $n } 项议定事项成为任务。
}
meeting-record-title = 会议记录
meeting-record-open = 纪要还没有写定，这是目前的内容。

meeting-attendance-title = 签到
meeting-roll = 到会 { $came } 人，应到 { $n } 人
meeting-roll-none = 本网格还没有队伍成员。请先在“队伍”中任命。
meeting-came-invited = 未记录
meeting-came-present = 到会
meeting-came-absent = 缺席
meeting-how-link = 扫码
meeting-how-ticked = 召集人记录
meeting-how-own = 本人说明
meeting-qr-label = 签到二维码
meeting-qr-hint = 同事登录后用手机扫码签到。二维码 { $n } 分钟内有效，本页自动更换。
meeting-qr-later = 会议当天这里显示签到二维码。缺席原因可以提前记录。
meeting-note = 保存签到
meeting-noted-now = { $n ->
    [0] 没有变动。
   *[other] 已记录 { $n } 人。
}
meeting-present-ask = 您正在为本次会议签到。只记录到会，不记录位置和手机。
meeting-present = 我已到会
meeting-present-now = 已签到。
meeting-present-already = 您已签到。
meeting-open = 打开会议
meeting-excuse-title = 不能到会
meeting-reason = 原因
meeting-excuse = 说明原因
meeting-excused-now = 已说明原因。

meeting-place = 会场
meeting-place-title = 填写会场
meeting-place-hint = 只写地点，不写姓名和号码。会场会写进日历订阅。
meeting-place-set = 保存会场
meeting-place-now = 会场已保存。

meeting-move-title = 改期
meeting-move-hint = 改期须提前通知，改到本周期内的法定工作日。应到人员都会收到提醒。
meeting-move = 改期并通知
meeting-moved-now = 会议已改期，已提醒应到人员。
meeting-move-orders = 上级另有安排
meeting-move-emergency = 应急抢险
meeting-move-place = 会场不可用
meeting-move-convener-away = 召集人因公外出

meeting-feed-title = 日历订阅
meeting-feed-name = 邻里会议
meeting-feed-what = 用自己的日历程序订阅应参加的会议。链接只属于您，知道链接的人都能看到会议名称、网格和时间；其中没有任何人的姓名。
meeting-feed-once = 请现在复制链接，它只显示这一次。
meeting-feed-since = 链接自 { $day } 起有效。
meeting-feed-none = 还没有订阅链接。
meeting-feed-make = 生成链接
meeting-feed-again = 换一个链接
meeting-feed-revoke = 停用链接
meeting-feed-revoked-now = 链接已停用。

agenda-last-week = 上周工作
agenda-coverage = 兜底核查覆盖
agenda-due-premises = 到期走访
agenda-open-orders = 未办结事项
agenda-next-week-shifts = 下周错时安排
agenda-timeliness = 录入时效
agenda-survey-result = 达标测查结果
agenda-listings = 挂牌整治
agenda-next-month = 下月安排
agenda-yearly-figures = 全年数据
agenda-evaluation = 年度评估
agenda-rewards = 奖惩
agenda-next-year = 明年安排
agenda-work = { $since } 以来：走访 { $visited } 户，登记 { $registered } 人，变更 { $changed } 人，注销 { $cancelled } 人，办结任务 { $tasks } 件。
agenda-covered = 本月已核查 { $done }/{ $homes } 户（{ $percent }），还有 { $left } 户。
agenda-no-homes = 本范围没有需要核查的房屋。
agenda-timely = 24 小时内录入 { $percent }（共 { $all } 条，超时 { $late } 条）。
agenda-no-changes = 本月还没有变动。
agenda-premises-due = { $n } 处超过走访间隔。
agenda-no-premises-due = 没有超过走访间隔的房屋（{ $n } 处）。
agenda-tasks = { $kind }：{ $n } 件未办结，其中逾期 { $late } 件。
agenda-no-tasks = 没有未办结任务。
agenda-surveyed = { $committee } { $month }：登记率 { $registered }，准确率 { $accurate }。
agenda-no-survey = 近几个月没有测查结果。
agenda-listed = { $committee } 自 { $month } 起挂牌。
agenda-none-listed = 没有挂牌。
agenda-shifts = { $monday } 起一周的错时计划：{ $state }，{ $broken } 处不符合规定。
agenda-no-shifts = { $monday } 起一周的错时计划还没有起草。
agenda-stock = { $grids } 个网格，{ $homes } 户，{ $residents } 人。
agenda-workdays = { $month } 有 { $n } 个法定工作日。
agenda-workdays-year = { $year } 年有 { $n } 个法定工作日。
agenda-year-unknown = { $year } 年的法定工作日安排尚未导入。

notice-meeting-convened = { $kind }（{ $area }）定于 { $day } { $time } 召开。
notice-meeting-moved = { $kind }（{ $area }）改到 { $day } { $time }。
channel-meeting = { $kind }定于 { $day } { $time } 召开。
channel-meeting-moved = { $kind }改到 { $day } { $time } 召开。

duty-meetings = 本月召集的会议
duty-meetings-mine = 本月应参加的会议
job-meetings-convene = 提前召集例会
job-meetings-expire = 删除到期的会议记录
retained-meeting-record = 会议记录

event-meeting-convened = 召集会议
event-meeting-moved = 会议改期
event-meeting-roll-changed = 应到人员变动
event-meeting-roll-noted = 记录签到
event-meeting-attended = 扫码签到
event-meeting-excused = 说明缺席原因
event-meeting-place-set = 填写会场
event-meeting-decided = 加入议定事项
event-meeting-decision-withdrawn = 撤去议定事项
event-meeting-held = 写定会议纪要
event-meeting-feed-made = 生成日历订阅链接
event-meeting-feed-revoked = 停用日历订阅链接

error-meeting-place = 会场请写 { $max } 字以内。
error-meeting-kind = 政策包里没有这种会议。
error-meeting-not-convener = 本会议由别的岗位召集。
error-meeting-held = 纪要已写定，不能再改。
error-meeting-past = 这个时间已经过去。请选择以后的时间。
error-meeting-there = 本周期（{ $period }）的会议已经召集。
error-meeting-no-workday = { $day } 不是法定工作日。请另选一天。
error-meeting-out-of-period = 本次会议应在 { $first } 至 { $last } 之间。
error-meeting-move-late = 离会议不到 { $hours } 小时，不能再改期。
error-meeting-move-soon = 改期须提前 { $hours } 小时通知。请选择更晚的时间。
error-meeting-move-reason = 请选择改期原因。
error-meeting-not-now = 会前一小时至当天结束可以签到。
error-meeting-not-yet = 会议还没有开始。
error-meeting-link = 二维码已过期。请扫召集人屏幕上新的二维码。
error-meeting-not-invited = 您不在本次会议的应到人员中。请与召集人联系。
error-meeting-reason = 请选择原因。
error-meeting-attended = 您已签到。
error-meeting-roll-open = 还有 { $n } 人没有记录到会或缺席原因。请先补齐签到。
error-meeting-nobody = 没有人到会，不能写定纪要。请改期或补记签到。
error-meeting-summary = 请写纪要，{ $max } 字以内。
error-meeting-decision-words = 请写要做的事，{ $max } 字以内。
error-meeting-decision-owner = 请选择在本网格任职的责任人。
error-meeting-decision-due = 完成日期不能早于会议日期。

# 会议记录成文
meeting-facts = 基本情况
meeting-recorder = 记录人
meeting-decisions-nil = 没有议定事项。
meeting-name = 姓名
meeting-post = 岗位
meeting-attended = 到会情况
error-meeting-not-held = 纪要还没有写定，不能制作会议记录。

# 台账
ledger-meetings = 例会台账
ledger-about-meetings = 当月例会、到会人数和议定事项数。
